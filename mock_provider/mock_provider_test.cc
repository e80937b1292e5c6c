// The library from outside: ports, keys, hangs, journal, clock, scenarios that change.
#include "mock_provider/mock_provider.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using std::chrono::milliseconds;
using testing::Ask;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;

constexpr milliseconds kPatience(10'000);

class MockProviderTest : public ::testing::Test {
 protected:
  void Start(const std::string& scenario) {
    auto mock = MockProvider::StartJson(scenario);
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
  }

  bool WaitForEntries(std::size_t count) {
    return mock_->WaitForJournal(kPatience, [=](const auto& entries) { return entries.size() >= count; });
  }

  std::unique_ptr<MockProvider> mock_;
};

TEST_F(MockProviderTest, EachProviderHasAPortOfItsOwnAndAnswersUnderItsName) {
  Start(R"({"providers":[{"name":"alpha"},{"name":"beta"}]})");
  EXPECT_NE(mock_->port("alpha"), mock_->port("beta"));
  EXPECT_EQ(mock_->port("gamma"), 0);
  EXPECT_EQ(mock_->Url("beta"), "http://127.0.0.1:" + std::to_string(mock_->port("beta")));
  EXPECT_NE(Ask(mock_->port("beta"), "m").Body().find("Hello from beta."), std::string::npos);
  EXPECT_EQ(mock_->admin_port(), 0);
}

TEST_F(MockProviderTest, ABadScenarioIsRefusedWithItsMistakes) {
  const auto mock = MockProvider::StartJson(R"({"providrs":[]})");
  ASSERT_FALSE(mock.ok());
  EXPECT_EQ(std::string(mock.status().message()), "providrs: unknown field (did you mean \"providers\"?)");
}

TEST_F(MockProviderTest, AFlakyProviderFailsTwiceAndThenAnswersOnOneConnection) {
  Start(R"({"rules":[{"script":[{"error":503,"times":2},{"reply":{"text":"ok"}}]}]})");
  RawClient client(mock_->port("mock"));
  for (const char* status : {"503", "503", "200"}) {
    client.Send(ChatRequestText("m"));
    const Received received = client.ReadUntil("}}");
    EXPECT_EQ(received.bytes.substr(9, 3), status);
  }
  const auto journal = mock_->Journal();
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(journal[0].hit.step, 0);
  EXPECT_EQ(journal[2].hit.step, 1);
  EXPECT_EQ(journal[2].hit.n, 2u);
  EXPECT_EQ(journal[0].connection, journal[2].connection);
  EXPECT_FALSE(journal[2].closed_by);
}

TEST_F(MockProviderTest, WhoHasReadAnAnswerFindsItsEntryComplete) {
  Start(R"({"rules":[{"match":{"model":"cut"},"script":[{"fault":"close_mid_body"}]}]})");
  for (int round = 0; round < 50; ++round) {
    mock_->ClearJournal();
    const bool cut = round % 2 == 1;
    const Received received = Ask(mock_->port("mock"), cut ? "cut" : "m");
    const auto journal = mock_->Journal();
    ASSERT_EQ(journal.size(), 1u);
    EXPECT_TRUE(journal[0].end_ms && journal[0].last_byte_ms && journal[0].first_byte_ms);
    EXPECT_EQ(journal[0].bytes, received.bytes.size());
    EXPECT_EQ(journal[0].closed_by, ClosedBy::kServer);
    EXPECT_EQ(journal[0].hit.rule.has_value(), cut);
  }
}

TEST_F(MockProviderTest, AnAnswerWithoutABodyIsCompleteWithItsHeadThoughAHangFollows) {
  Start(R"({"rules":[
    {"match":{"method":"HEAD"},"script":[{"hang":{"at":"after_headers","for_ms":60000,"end":"reply"}}]},
    {"match":{"model":"empty"},
     "script":[{"reply":{"body":""},"hang":{"at":"after_headers","for_ms":60000,"end":"reply"}}]},
    {"match":{"model":"204"},
     "script":[{"reply":{"status":204},"hang":{"at":"after_headers","for_ms":60000,"end":"reply"}}]},
    {"match":{"model":"fault"},
     "script":[{"fault":"empty_body","hang":{"at":"after_headers","for_ms":60000,"end":"reply"}}]}]})");
  mock_->FreezeClock();
  for (const std::string& request :
       {ChatRequestText("empty"), ChatRequestText("204"), ChatRequestText("fault"),
        std::string("HEAD /v1/models HTTP/1.1\r\nHost: mock\r\n\r\n")}) {
    mock_->ClearJournal();
    RawClient client(mock_->port("mock"));
    client.Send(request);
    const Received received = client.ReadUntil("\r\n\r\n");
    auto journal = mock_->Journal();
    ASSERT_EQ(journal.size(), 1u);
    EXPECT_TRUE(journal[0].end_ms) << request;
    EXPECT_EQ(journal[0].bytes, received.bytes.size());
    client.Send(ChatRequestText("m"));
    mock_->AdvanceClock(milliseconds(60'000));
    EXPECT_EQ(client.ReadUntil("}}").bytes.substr(9, 3), "200") << "the silence was before the next answer";
    journal = mock_->Journal();
    EXPECT_EQ(journal[0].silence_ms, 0);
    EXPECT_FALSE(journal[0].closed_by);
  }
}

TEST_F(MockProviderTest, AnAnswerWithoutABodyIsCompleteThoughItsConnectionEndsAfterAHang) {
  for (const char* hang : {R"("for_ms":60000,"end":"reply")", R"("for_ms":60000,"end":"reset")"}) {
    Start(R"({"rules":[{"script":[{"reply":{"status":204},"hang":{"at":"after_headers",)" +
          std::string(hang) + "}}]}]}");
    mock_->FreezeClock();
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText("m", "", "Connection: close\r\n"));
    client.ReadUntil("\r\n\r\n");
    EXPECT_TRUE(mock_->Journal().at(0).end_ms);
    EXPECT_FALSE(mock_->Journal().at(0).broken);
    mock_->AdvanceClock(milliseconds(60'000));
    client.ReadToEnd();
    const JournalEntry entry = mock_->Journal().at(0);
    EXPECT_EQ(entry.end_ms, entry.arrival_ms) << "what the connection does then is no part of the answer";
    EXPECT_EQ(entry.silence_ms, 0);
    EXPECT_EQ(entry.closed_by, ClosedBy::kServer);
  }
}

TEST_F(MockProviderTest, ABodyOfTheScenariosOwnIsBrokenWhereNobodyCanReadIt) {
  Start(R"({"rules":[{"script":[
    {"reply":{"body":"{\"half"}},
    {"reply":{"body":"data: {}\n\n","headers":{"Content-Type":"text/event-stream"}}},
    {"reply":{"body":"","headers":{"content-type":"Text/Event-Stream; charset=utf-8"}}},
    {"reply":{"body":"<html>","status":502,"headers":{"content-type":"text/html"}}},
    {"reply":{"body":{"choices":[]}}},
    {"reply":{"body":"data: {}\n\ndata: [DONE]\n\n","headers":{"Content-Type":"Text/Event-Stream"}}}]}]})");
  for (const bool broken : {true, true, true, false, false, false}) {
    mock_->ClearJournal();
    Ask(mock_->port("mock"), "m");
    EXPECT_EQ(mock_->Journal().at(0).broken, broken);
  }
}

TEST_F(MockProviderTest, AWrongKeyIs401AndClaimsNoStep) {
  Start(
      R"({"providers":[{"name":"a","api_keys":["sk-right"],"rules":[{"script":[{"error":503}],"then":"pass"}]}]})");
  EXPECT_EQ(Ask(mock_->port("a"), "m").bytes.substr(9, 3), "401");
  RawClient client(mock_->port("a"));
  client.Send(ChatRequestText("m", "", "Authorization: Bearer sk-right\r\n"));
  EXPECT_EQ(client.ReadUntil("}}").bytes.substr(9, 3), "503");
}

TEST_F(MockProviderTest, AKeyComesInTheHeaderOfTheDialectOrAsABearer) {
  Start(
      R"({"providers":[{"name":"openai","api_keys":["k"]},{"name":"azure","dialect":"azure","api_keys":["k"]},
    {"name":"anthropic","dialect":"anthropic","api_keys":["k"]}]})");
  const auto status = [&](const char* provider, const std::string& header) {
    RawClient client(mock_->port(provider));
    client.Send(ChatRequestText("m", "", header + "\r\nConnection: close\r\n"));
    return client.ReadToEnd().bytes.substr(9, 3);
  };
  const std::pair<const char*, const char*> own[] = {{"azure", "api-key: k"}, {"anthropic", "x-api-key: k"}};
  for (const char* provider : {"openai", "azure", "anthropic"}) {
    EXPECT_EQ(status(provider, "Authorization: Bearer k"), "200") << provider;
    EXPECT_EQ(status(provider, "Authorization: bearer  k"), "200") << "a scheme is in any case";
    for (const char* wrong :
         {"X-Other: k", "Authorization: k", "Authorization: Basic k", "Authorization: Bearerk"})
      EXPECT_EQ(status(provider, wrong), "401") << provider << " " << wrong;
    for (const auto& [of, header] : own) {
      EXPECT_EQ(status(provider, header), provider == std::string(of) ? "200" : "401") << provider << header;
    }
  }
  EXPECT_EQ(status("azure", "Authorization: Bearer wrong\r\napi-key: k"), "200")
      << "the dialect's own counts";
}

TEST_F(MockProviderTest, AReplysTextIsForChatsAndItsBodyForAnyRequest) {
  Start(
      R"({"rules":[{"script":[{"reply":{"text":"hi"}},{"reply":{"text":"hi"}},{"reply":{"body":"any"}}]}]})");
  const auto status = [&](const std::string& request) {
    RawClient client(mock_->port("mock"));
    client.Send(request);
    return client.ReadToEnd().bytes.substr(9, 3);
  };
  EXPECT_EQ(status("GET /other HTTP/1.1\r\nConnection: close\r\n\r\n"), "404");
  EXPECT_EQ(status("POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"),
            "400");
  EXPECT_EQ(status("GET /other HTTP/1.1\r\nConnection: close\r\n\r\n"), "200");
  EXPECT_EQ(mock_->Journal().at(0).hit.step, 0) << "the rule is met, and its step spent";
  EXPECT_EQ(mock_->Journal().at(2).hit.step, 2);
}

TEST_F(MockProviderTest, AHungRequestShowsAtOnceAndItsEndWhenTheClientLeaves) {
  Start(R"({"rules":[{"script":[{"hang":{}}]}]})");
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("m"));
  ASSERT_TRUE(WaitForEntries(1));
  EXPECT_FALSE(mock_->Journal()[0].end_ms);
  client.Close();
  EXPECT_TRUE(mock_->WaitForJournal(kPatience, [](const auto& entries) {
    return entries[0].end_ms && entries[0].closed_by == ClosedBy::kClient;
  }));
  EXPECT_EQ(mock_->Journal()[0].bytes, 0u);
}

TEST_F(MockProviderTest, AClientThatLeavesDuringAnyKindOfWaitIsNoticed) {
  Start(R"({"rules":[
    {"match":{"model":"delay"},"script":[{"delay_ms":3600000}]},
    {"match":{"model":"headers"},"script":[{"hang":{"at":"after_headers"}}]},
    {"match":{"model":"body"},"script":[{"hang":{"at":"mid_body"}}]},
    {"match":{"model":"stall"},"script":[{"frames":{"at":[{"frame":1,"stall_ms":3600000}]}}]},
    {"match":{"model":"drip"},"script":[{"drip":{"bytes_per_s":0.01}}]}]})");
  for (const std::string model : {"delay", "headers", "body", "stall", "drip"}) {
    mock_->ClearJournal();
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText(model, R"(,"stream":true)"));
    ASSERT_TRUE(WaitForEntries(1)) << model;
    client.Close();
    EXPECT_TRUE(mock_->WaitForJournal(kPatience, [](const auto& entries) {
      return entries[0].closed_by == ClosedBy::kClient;
    })) << model;
  }
}

constexpr const char* kLateAnswers = R"("rules":[
    {"match":{"model":"hang"},"script":[{"hang":{"for_ms":3600000,"end":"reply"}}]},
    {"match":{"model":"error"},"script":[{"delay_ms":3600000,"error":"rate_limit","retry_after_ms":500}]},
    {"match":{"model":"head"},"script":[{"hang":{"at":"after_headers","for_ms":3600000,"end":"reply"}}]}])";

TEST_F(MockProviderTest, WhoLeavesBeforeTheFirstByteHasReadNoStatus) {
  Start("{" + std::string(kLateAnswers) + "}");
  for (const char* model : {"hang", "error"}) {
    mock_->ClearJournal();
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText(model));
    ASSERT_TRUE(WaitForEntries(1));
    client.Close();
    ASSERT_TRUE(mock_->WaitForJournal(kPatience,
                                      [](const auto& entries) { return entries[0].closed_by.has_value(); }));
    const JournalEntry entry = mock_->Journal().at(0);
    EXPECT_EQ(entry.status, 0) << model;
    EXPECT_FALSE(entry.retry_after_ms);
    EXPECT_FALSE(entry.broken) << "nothing of it was there to be broken";
  }
}

TEST_F(MockProviderTest, AnAnswerThatEndsWithItsProviderIsBrokenAndHasTheStatusThatCame) {
  Start(R"({"providers":[{"name":"gone",)" + std::string(kLateAnswers) + "}]}");
  std::deque<RawClient> clients;
  for (const char* model : {"hang", "error", "head"}) {
    clients.emplace_back(mock_->port("gone"));
    clients.back().Send(ChatRequestText(model));
    ASSERT_TRUE(WaitForEntries(clients.size()));
  }
  clients.back().ReadUntil("\r\n\r\n");
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"other"}]})").ok());
  ASSERT_TRUE(mock_->WaitForJournal(kPatience, [](const auto& entries) {
    return std::all_of(entries.begin(), entries.end(),
                       [](const auto& entry) { return entry.end_ms.has_value(); });
  }));
  for (const JournalEntry& entry : mock_->Journal()) {
    EXPECT_EQ(entry.status, entry.model == "head" ? 200 : 0) << entry.model;
    EXPECT_FALSE(entry.retry_after_ms) << entry.model;
    EXPECT_TRUE(entry.broken) << entry.model;
    EXPECT_EQ(entry.closed_by, ClosedBy::kServer) << entry.model;
  }
}

TEST_F(MockProviderTest, AStepGivenUpOnIsSpent) {
  Start(R"({"rules":[{"script":[{"hang":{}},{"reply":{"text":"second"}}]}]})");
  {
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText("m"));
    ASSERT_TRUE(WaitForEntries(1));
  }
  EXPECT_NE(Ask(mock_->port("mock"), "m").Body().find("second"), std::string::npos);
}

TEST_F(MockProviderTest, AHangEndsAsItWasTold) {
  Start(R"({"rules":[
    {"match":{"model":"fin"},"script":[{"hang":{"for_ms":50,"end":"fin"}}]},
    {"match":{"model":"reset"},"script":[{"hang":{"at":"after_headers","for_ms":50,"end":"reset"}}]},
    {"match":{"model":"reply"},"script":[{"hang":{"at":"mid_body","for_ms":50,"end":"reply"}}]}]})");
  EXPECT_EQ(Ask(mock_->port("mock"), "fin").bytes, "");
  const Received reset = Ask(mock_->port("mock"), "reset");
  EXPECT_EQ(reset.ending, Ending::kReset);
  EXPECT_TRUE(reset.bytes.ends_with("\r\n\r\n"));
  const Received reply = Ask(mock_->port("mock"), "reply");
  EXPECT_TRUE(reply.Body().ends_with("}}")) << reply.bytes;
  EXPECT_GE(reply.reads.size(), 2u);
}

TEST_F(MockProviderTest, HundredsOfHangsEndTogetherWhenTheClockGetsThere) {
  Start(R"({"rules":[{"script":[{"hang":{"for_ms":1000,"end":"reply"}}]}]})");
  mock_->FreezeClock();
  std::deque<RawClient> clients;
  for (int i = 0; i < 300; ++i) {
    clients.emplace_back(mock_->port("mock"));
    clients.back().Send(ChatRequestText("m"));
  }
  ASSERT_TRUE(WaitForEntries(300));
  mock_->AdvanceClock(milliseconds(1000));
  for (RawClient& client : clients) EXPECT_EQ(client.ReadUntil("}}").ending, Ending::kOpen);
}

TEST_F(MockProviderTest, TheJournalSaysWhatTheClientWasAskedToWaitAndHadToBear) {
  Start(R"({"rules":[
    {"match":{"model":"limited"},"script":[{"error":"rate_limit","retry_after_ms":1500}]},
    {"match":{"model":"broken"},"script":[{"error":503,"retry_after_ms":1500,"fault":"close_mid_headers"}]},
    {"match":{"model":"slow"},"script":[{"delay_ms":4000}]}]})");
  mock_->FreezeClock();
  Ask(mock_->port("mock"), "limited");
  Ask(mock_->port("mock"), "broken");
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("slow"));
  ASSERT_TRUE(WaitForEntries(3));
  mock_->AdvanceClock(milliseconds(4000));
  EXPECT_EQ(client.ReadUntil("}}").ending, Ending::kOpen);
  const auto journal = mock_->Journal();
  EXPECT_EQ(journal[0].retry_after_ms, 1500);
  EXPECT_FALSE(journal[0].broken);
  EXPECT_FALSE(journal[1].retry_after_ms);
  EXPECT_TRUE(journal[1].broken);
  EXPECT_NEAR(journal[2].silence_ms, 4000, 0.01);
}

TEST_F(MockProviderTest, AWaitThatWasNeverAskedForIsInNoJournal) {
  Start(R"({"rules":[{"script":[{"error":"rate_limit","retry_after_ms":5000,"fault":"close_mid_headers"},
    {"hang":{"for_ms":1,"end":"reset"}},
    {"error":"rate_limit","retry_after_ms":5000,"fault":"content_length_too_long"}]}]})");
  for (int i = 0; i < 3; ++i) Ask(mock_->port("mock"), "m");
  const auto journal = mock_->Journal();
  EXPECT_FALSE(journal[0].retry_after_ms);
  EXPECT_EQ(journal[0].status, 429);
  EXPECT_FALSE(journal[1].retry_after_ms);
  EXPECT_EQ(journal[1].status, 0);
  EXPECT_EQ(journal[2].retry_after_ms, 5000);
}

TEST_F(MockProviderTest, AStreamThatNothingHappenedToIsNotBroken) {
  Start(R"({"rules":[{"script":[{"reply":{"text":"one two"},"frames":{"at":[{"frame":9,"end":"fin"}]}},
    {"reply":{"text":"one two"},"frames":{"at":[{"frame":4,"end":"fin"}]}}]}]})");
  EXPECT_NE(Ask(mock_->port("mock"), "m", R"(,"stream":true)").bytes.find("[DONE]"), std::string::npos);
  EXPECT_EQ(Ask(mock_->port("mock"), "m", R"(,"stream":true)").bytes.find("[DONE]"), std::string::npos);
  EXPECT_FALSE(mock_->Journal()[0].broken);
  EXPECT_TRUE(mock_->Journal()[1].broken);
}

TEST_F(MockProviderTest, AnOutageFollowsTheScenariosClock) {
  Start(R"({"rules":[{"schedule":[{"after_ms":60000,"for_ms":30000}],"script":[{"error":"overloaded"}]}]})");
  mock_->FreezeClock();
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "200");
  mock_->AdvanceClock(milliseconds(60'000));
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "503");
  mock_->AdvanceClock(milliseconds(30'000));
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "200");
}

TEST_F(MockProviderTest, AListenerRefusesConnectionsDuringItsWindowsAndKeepsItsPort) {
  Start(
      R"({"providers":[{"name":"a","listener":[{"refuse":true,"schedule":[{"after_ms":60000,"for_ms":5000}]}]}]})");
  mock_->FreezeClock();
  const std::uint16_t port = mock_->port("a");
  EXPECT_TRUE(RawClient(port).Connected());
  mock_->AdvanceClock(milliseconds(60'000));
  EXPECT_FALSE(RawClient(port).Connected());
  EXPECT_EQ(mock_->port("a"), port);
  mock_->AdvanceClock(milliseconds(5'000));
  EXPECT_EQ(Ask(port, "m").bytes.substr(9, 3), "200");
}

TEST_F(MockProviderTest, ANewScenarioKeepsThePortsOfTheProvidersThatStay) {
  Start(R"({"providers":[{"name":"a"},{"name":"b"}]})");
  const std::uint16_t a = mock_->port("a"), b = mock_->port("b");
  ASSERT_TRUE(
      mock_->SetScenario(R"({"providers":[{"name":"c"},{"name":"a","rules":[{"script":[{"error":500}]}]}]})")
          .ok());
  EXPECT_EQ(mock_->port("a"), a);
  EXPECT_EQ(Ask(a, "m").bytes.substr(9, 3), "500");
  EXPECT_NE(mock_->port("c"), 0);
  EXPECT_FALSE(RawClient(b).Connected());
}

TEST_F(MockProviderTest, AProviderThatIsToldNoPortStaysWhereItIsAndCanBeToldThatPort) {
  Start(R"({"rules":[]})");
  const std::string port = std::to_string(mock_->port("mock"));
  for (const std::string& listen :
       {R"("listen":"127.0.0.1:)" + port + "\",", std::string(), R"("listen":"localhost:)" + port + "\",",
        std::string(R"("listen":"127.0.0.1:0",)")}) {
    const absl::Status set = mock_->SetScenario(R"({"providers":[{)" + listen + R"("name":"mock"}]})");
    EXPECT_TRUE(set.ok()) << set;
    EXPECT_EQ(std::to_string(mock_->port("mock")), port) << listen;
  }
  ASSERT_TRUE(mock_->SetScenario(R"({"rules":[{"script":[{"error":500}]}]})").ok());
  EXPECT_EQ(Ask(static_cast<std::uint16_t>(std::stoi(port)), "m").bytes.substr(9, 3), "500");
}

TEST_F(MockProviderTest, ABadNewScenarioChangesNothing) {
  Start(R"({"rules":[{"script":[{"error":500},{"error":502}]}]})");
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "500");
  EXPECT_FALSE(mock_->SetScenario(R"({"rules":[{}]})").ok());
  EXPECT_FALSE(
      mock_->SetScenario(R"({"providers":[{"name":"x"},{"name":"mock","listen":"192.0.2.1:1"}]})").ok());
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "502");
}

TEST_F(MockProviderTest, ResetBeginsJournalCountersAndClockAnew) {
  Start(R"({"rules":[{"script":[{"error":500}],"then":"pass"}]})");
  mock_->AdvanceClock(milliseconds(60'000));
  const std::string first = Ask(mock_->port("mock"), "m").bytes;
  mock_->Reset();
  EXPECT_EQ(mock_->JournalTotal(), 0u);
  EXPECT_LT(mock_->ClockMs(), 50'000);
  EXPECT_EQ(Ask(mock_->port("mock"), "m").bytes, first);
  EXPECT_EQ(mock_->Journal().at(0).seq, 1u);
}

TEST_F(MockProviderTest, ItsEndClosesWhatStillHangs) {
  Start(R"({"rules":[{"script":[{"hang":{}}]}]})");
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("m"));
  ASSERT_TRUE(WaitForEntries(1));
  mock_.reset();
  EXPECT_NE(client.ReadToEnd().ending, Ending::kTimeout);
}

}  // namespace
}  // namespace mock_provider
