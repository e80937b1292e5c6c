// The mock as a chaos proxy, in front of another mock that plays the real provider.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "mock_provider/journal/journal_json.h"
#include "mock_provider/mock_provider.h"
#include "mock_provider/scenario_file/freeze.h"
#include "mock_provider/scenario_file/scenario_writer.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using std::chrono::milliseconds;
using testing::Ask;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;
using testing::Unchunked;

constexpr milliseconds kPatience(10'000);
constexpr const char* kStream = R"(,"stream":true)";
constexpr const char* kStreamEnd = "data: [DONE]\n\n\r\n0\r\n\r\n";

class UpstreamSocketTest : public ::testing::Test {
 protected:
  // The real provider, by the members of its description.
  void StartReal(const std::string& members) {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"real")" + members + "}]}");
    ASSERT_TRUE(mock.ok()) << mock.status();
    real_ = *std::move(mock);
  }

  // The proxy before it.
  void StartProxy(const std::string& members = "") {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"proxy","upstream":")" + real_->Url("real") +
                                        R"(/v1")" + members + "}]}");
    ASSERT_TRUE(mock.ok()) << mock.status();
    proxy_ = *std::move(mock);
  }

  Received Ask(const std::string& members = "") { return testing::Ask(proxy_->port("proxy"), "m", members); }

  static std::string Status(const Received& received) { return received.bytes.substr(0, 12).substr(9); }

  std::unique_ptr<MockProvider> real_, proxy_;
};

TEST_F(UpstreamSocketTest, APlainAnswerIsTheProvidersOwn) {
  StartReal(R"(,"rules":[{"script":[{"reply":{"text":"from afar","headers":{"x-region":"north"}}}]}])");
  StartProxy();
  RawClient client(proxy_->port("proxy"));
  for (int round = 0; round < 2; ++round) {
    client.Send(ChatRequestText("m", "", "Authorization: Bearer sk-mine\r\nX-Trace: 7\r\n"));
    const Received received = client.ReadUntil("}}");
    EXPECT_EQ(received.ending, Ending::kOpen);
    EXPECT_NE(received.bytes.find("from afar"), std::string::npos) << received.bytes;
    EXPECT_NE(received.Head().find("x-region: north"), std::string::npos);
  }
  const JournalEntry there = real_->Journal().at(0);
  EXPECT_EQ(there.target, "/v1/chat/completions");
  const auto has = [&](const std::string& name, const std::string& value) {
    return std::find(there.headers.begin(), there.headers.end(), std::pair(name, value)) !=
           there.headers.end();
  };
  EXPECT_TRUE(has("authorization", "Bearer sk-mine"));
  EXPECT_TRUE(has("x-trace", "7"));
  EXPECT_TRUE(has("host", real_->Url("real").substr(7)));
  EXPECT_EQ(proxy_->Journal().at(0).status, 200);
}

TEST_F(UpstreamSocketTest, AnErrorOfTheProviderComesThroughWithItsHeaders) {
  StartReal(R"(,"rules":[{"script":[{"error":"rate_limit","retry_after_ms":2500}]}])");
  StartProxy();
  const Received received = Ask();
  EXPECT_EQ(Status(received), "429");
  EXPECT_NE(received.Head().find("retry-after-ms: 2500"), std::string::npos);
  EXPECT_EQ(proxy_->Journal().at(0).status, 429);
}

TEST_F(UpstreamSocketTest, AStreamComesThroughAsItComes) {
  StartReal(
      R"(,"rules":[{"script":[{"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"stall_ms":60000}]}}]}])");
  real_->FreezeClock();
  StartProxy();
  RawClient client(proxy_->port("proxy"));
  client.Send(ChatRequestText("m", kStream));
  EXPECT_EQ(client.ReadUntil("\"one\"").ending, Ending::kOpen);
  EXPECT_FALSE(proxy_->Journal().at(0).end_ms);
  real_->AdvanceClock(milliseconds(60'000));
  const Received rest = client.ReadUntil(kStreamEnd);
  EXPECT_EQ(rest.ending, Ending::kOpen);
  EXPECT_NE(rest.bytes.find("two"), std::string::npos);
  EXPECT_TRUE(proxy_->Journal().at(0).end_ms);
}

TEST_F(UpstreamSocketTest, FramesOfARuleActOnTheProvidersStream) {
  StartReal(R"(,"rules":[{"script":[{"reply":{"text":"one two"}}]}])");
  StartProxy(
      R"(,"rules":[{"script":[{"frames":{"at":[{"frame":2,"error_event":"overloaded"},{"frame":2,"end":"reset"}]}}]}])");
  const Received received = Ask(kStream);
  EXPECT_EQ(received.ending, Ending::kReset);
  EXPECT_NE(received.bytes.find("\"one\""), std::string::npos);
  EXPECT_NE(received.bytes.find("server_is_overloaded"), std::string::npos);
  EXPECT_EQ(received.bytes.find("two"), std::string::npos);
}

TEST_F(UpstreamSocketTest, AHangAfterTheHeadOfAnAnswerWithoutABodyIsKept) {
  StartReal(R"(,"rules":[{"script":[{"reply":{"status":204}}]}])");
  StartProxy(R"(,"rules":[{"script":[{"hang":{"at":"after_headers","for_ms":1,"end":"reset"}}]}])");
  EXPECT_EQ(Ask().ending, Ending::kReset);
  const JournalEntry entry = proxy_->Journal().at(0);
  ASSERT_TRUE(entry.action && entry.action->hang && entry.action->reply);
  EXPECT_EQ(entry.action->reply->status, 204);
  EXPECT_TRUE(entry.end_ms);
}

TEST_F(UpstreamSocketTest, AFrameThatTheProviderNeverSendsBreaksNothing) {
  StartReal("");
  StartProxy(
      R"(,"rules":[{"script":[{"frames":{"at":[{"frame":99,"end":"fin"}]}},{"hang":{"at":"frame 99"}}]}])");
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(Ask(kStream).bytes.ends_with(kStreamEnd));
    EXPECT_FALSE(proxy_->Journal().back().broken);
  }
  EXPECT_EQ(Status(Ask()), "200");
  EXPECT_FALSE(proxy_->Journal().back().broken) << "it was no stream";
}

TEST_F(UpstreamSocketTest, AFaultOfARuleBreaksTheProvidersAnswer) {
  StartReal(R"(,"rules":[{"script":[{"reply":{"text":"from afar"}}]}])");
  StartProxy(R"(,"rules":[{"script":[{"fault":"close_mid_body"}]}])");
  for (const char* members : {"", kStream}) {
    const Received received = Ask(members);
    EXPECT_EQ(received.ending, Ending::kFin);
    EXPECT_GT(received.Body().size(), 0u);
    EXPECT_NE(received.Head().find("Content-Length"), std::string::npos);
  }
  EXPECT_EQ(real_->JournalTotal(), 2u);
}

TEST_F(UpstreamSocketTest, ADelayAHangAndADripActOnItToo) {
  StartReal("");
  StartProxy(R"(,"rules":[{"match":{"model":"m"},"script":[{"delay_ms":1000,"drip":{"bytes_per_s":1000000},
    "hang":{"at":"mid_body","for_ms":1000,"end":"reply"}}]}])");
  proxy_->FreezeClock();
  RawClient client(proxy_->port("proxy"));
  client.Send(ChatRequestText("m"));
  ASSERT_TRUE(proxy_->WaitForJournal(kPatience, [](const auto& e) { return e.size() == 1; }));
  EXPECT_EQ(real_->JournalTotal(), 0u);
  proxy_->AdvanceClock(milliseconds(1000));
  ASSERT_TRUE(real_->WaitForJournal(kPatience, [](const auto& e) { return e.size() == 1 && e[0].end_ms; }));
  EXPECT_FALSE(proxy_->Journal().at(0).end_ms);
  proxy_->RunClock();
  EXPECT_NE(client.ReadUntil("}}").bytes.find("Hello from real."), std::string::npos);
}

TEST_F(UpstreamSocketTest, ARuleWithAnAnswerOfItsOwnDoesNotAskTheProvider) {
  StartReal("");
  StartProxy(R"(,"rules":[{"script":[{"error":503},{"reply":{"text":"mine"}},{"fault":"reset"},
    {"hang":{"for_ms":1,"end":"fin"}}],"then":"pass"}])");
  EXPECT_EQ(Status(Ask()), "503");
  EXPECT_NE(Ask().bytes.find("mine"), std::string::npos);
  EXPECT_EQ(Ask().ending, Ending::kReset);
  EXPECT_EQ(Ask().bytes, "");
  EXPECT_EQ(real_->JournalTotal(), 0u);
  EXPECT_EQ(Status(Ask()), "200");
  EXPECT_EQ(real_->JournalTotal(), 1u);
}

TEST_F(UpstreamSocketTest, ModelsAndAPaceOfItsOwnAreForWhatItAnswersItself) {
  StartReal("");
  StartProxy(
      R"(,"models":["mine"],"stream":{"ttft_ms":3600000},"rules":[{"match":{"model":"slow"},"script":[{"reply":{}}]}])");
  RawClient models(proxy_->port("proxy"));
  models.Send("GET /v1/models HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
  EXPECT_NE(models.ReadToEnd().Body().find("\"mine\""), std::string::npos);
  EXPECT_EQ(real_->JournalTotal(), 0u);
  EXPECT_TRUE(Ask(kStream).bytes.ends_with(kStreamEnd)) << "at the provider's own pace";
  RawClient slow(proxy_->port("proxy"));
  slow.Send(ChatRequestText("slow", kStream));
  EXPECT_NE(slow.ReadUntil("\r\n\r\n").bytes.find("200 OK"), std::string::npos);
  EXPECT_FALSE(proxy_->Journal().back().end_ms);
}

TEST_F(UpstreamSocketTest, AProviderThatCannotBeReachedIsA502OfTheDialect) {
  StartReal("");
  StartProxy(R"(,"dialect":"anthropic")");
  real_.reset();
  const Received received = Ask();
  EXPECT_EQ(Status(received), "502");
  EXPECT_NE(received.Body().find(R"("type":"error")"), std::string::npos);
  EXPECT_NE(received.Head().find("x-mock-upstream-error: connecting to"), std::string::npos)
      << received.Head();
  EXPECT_EQ(proxy_->Journal().at(0).action->error->status, 502);
}

TEST_F(UpstreamSocketTest, AProviderThatBreaksOffIsBrokenOffFor) {
  StartReal(
      R"(,"rules":[{"match":{"stream":true},"script":[{"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"end":"fin"}]}}]},
    {"script":[{"fault":"content_length_too_long"},{"fault":"reset"}]}])");
  StartProxy();
  const Received stream = Ask(kStream);
  EXPECT_EQ(stream.ending, Ending::kFin);
  EXPECT_NE(stream.bytes.find("\"one\""), std::string::npos);
  EXPECT_FALSE(stream.bytes.ends_with("0\r\n\r\n"));
  const Received plain = Ask();
  EXPECT_EQ(plain.ending, Ending::kFin);
  EXPECT_EQ(Status(plain), "200");
  EXPECT_EQ(Status(Ask()), "502");
  const auto journal = proxy_->Journal();
  EXPECT_TRUE(journal.at(0).broken && journal.at(1).broken);
  EXPECT_FALSE(journal.at(2).broken);
  EXPECT_EQ(journal.at(0).closed_by, ClosedBy::kServer);
}

TEST_F(UpstreamSocketTest, AClientThatLeavesIsNoticedAndTheProviderWithIt) {
  StartReal(R"(,"rules":[{"script":[{"hang":{}}]}])");
  StartProxy();
  {
    RawClient client(proxy_->port("proxy"));
    client.Send(ChatRequestText("m"));
    ASSERT_TRUE(real_->WaitForJournal(kPatience, [](const auto& e) { return e.size() == 1; }));
  }
  const auto left = [](const auto& entries) { return entries[0].closed_by == ClosedBy::kClient; };
  EXPECT_TRUE(proxy_->WaitForJournal(kPatience, left));
  EXPECT_TRUE(real_->WaitForJournal(kPatience, left));
}

TEST_F(UpstreamSocketTest, AClientThatLeavesAStreamIsWhoClosedItAndMeetsTheSameSilenceAgain) {
  StartReal(
      R"(,"rules":[{"script":[{"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"stall_ms":3600000}]}}]}])");
  StartProxy();
  const auto leave = [&] {
    RawClient client(proxy_->port("proxy"));
    client.Send(ChatRequestText("m", kStream));
    return client.ReadUntil("\"one\"").bytes;
  };
  leave();
  ASSERT_TRUE(proxy_->WaitForJournal(kPatience, [](const auto& e) { return e[0].end_ms && e[0].closed_by; }));
  const JournalEntry entry = proxy_->Journal().at(0);
  EXPECT_EQ(entry.closed_by, ClosedBy::kClient);
  ASSERT_TRUE(entry.action && entry.action->hang && entry.action->reply);
  EXPECT_FALSE(entry.action->hang->for_ms);
  EXPECT_EQ(entry.action->hang->frame, 2);
  EXPECT_NE(entry.action->reply->body.value_or("").find("\"one\""), std::string::npos);
}

TEST_F(UpstreamSocketTest, AClientThatLeavesBeforeTheHeadMetSilenceAndNo502) {
  StartReal(R"(,"rules":[{"script":[{"hang":{}}]}])");
  StartProxy(R"(,"rules":[{"script":[{"frames":{"omit_done":true}}]}])");
  {
    RawClient client(proxy_->port("proxy"));
    client.Send(ChatRequestText("m"));
    ASSERT_TRUE(real_->WaitForJournal(kPatience, [](const auto& e) { return e.size() == 1; }));
  }
  ASSERT_TRUE(proxy_->WaitForJournal(kPatience, [](const auto& e) { return e[0].closed_by.has_value(); }));
  const JournalEntry entry = proxy_->Journal().at(0);
  EXPECT_EQ(entry.status, 0);
  EXPECT_EQ(entry.closed_by, ClosedBy::kClient);
  ASSERT_TRUE(entry.action && entry.action->hang && entry.action->frames);
  EXPECT_FALSE(entry.action->hang->for_ms);
}

TEST_F(UpstreamSocketTest, WhatIsStillComingInIsKeptAsFarAsItHasCome) {
  StartReal(R"(,"rules":[{"match":{"model":"hang"},"script":[{"hang":{}}]},
    {"script":[{"frames":{"at":[{"frame":2,"stall_ms":3600000}]}}]}])");
  StartProxy();
  RawClient silent(proxy_->port("proxy")), half(proxy_->port("proxy"));
  silent.Send(ChatRequestText("hang"));
  half.Send(ChatRequestText("m", kStream));
  half.ReadUntil("Hello");
  ASSERT_TRUE(proxy_->WaitForJournal(kPatience, [](const auto& entries) {
    return entries.size() == 2 && std::all_of(entries.begin(), entries.end(), [](const auto& entry) {
             return entry.action && entry.action->hang && !entry.action->hang->for_ms;
           });
  }));
  EXPECT_TRUE(proxy_->Stop().ok());
  for (const JournalEntry& entry : proxy_->Journal()) {
    EXPECT_TRUE(entry.end_ms);
    EXPECT_EQ(entry.closed_by, ClosedBy::kServer);
    ASSERT_TRUE(entry.action && entry.action->hang);
    const bool has_come = entry.model == "m";
    EXPECT_EQ(entry.action->hang->at, has_come ? Hang::At::kFrame : Hang::At::kBeforeHeaders);
    EXPECT_EQ(has_come, entry.action->reply && entry.action->reply->body->find("Hello") != std::string::npos);
  }
}

TEST_F(UpstreamSocketTest, WhatARuleDidOnTopIsKeptInAFormThatAScenarioTakes) {
  StartReal(R"(,"rules":[{"script":[{"reply":{"text":"one two"}}]}])");
  StartProxy(R"(,"rules":[{"script":[{"frames":{"at":[{"frame":1,"comment":"here"}]},"times":2},
    {"hang":{"for_ms":1,"end":"reply"}}]}])");
  const Received stream = Ask(kStream), plain = Ask(), hung = Ask();
  const auto journal = proxy_->Journal();
  EXPECT_TRUE(journal.at(2).action && journal.at(2).action->hang);
  const auto frozen = Freeze(JournalJson(journal, journal.size()));
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const auto again = MockProvider::Start(*frozen);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_NE(stream.bytes.find(": here"), std::string::npos);
  EXPECT_EQ(testing::Ask((*again)->port("proxy"), "m", kStream).Body(), stream.Body());
  EXPECT_EQ(testing::Ask((*again)->port("proxy"), "m").Body(), plain.Body());
  EXPECT_EQ(testing::Ask((*again)->port("proxy"), "m").Body(), hung.Body());
}

TEST_F(UpstreamSocketTest, AnUpstreamThatLeadsBackToItsProviderIsRefusedAndChangesNothing) {
  StartReal("");
  StartProxy();
  const std::string port = std::to_string(proxy_->port("proxy"));
  const auto put = [&](const std::string& upstream, const std::string& more) {
    const std::string scenario =
        R"({"providers":[{"name":"proxy","upstream":")" + upstream + "\"}" + more + "]}";
    return std::string(proxy_->SetScenario(scenario).message());
  };
  for (const std::string host : {"127.0.0.1", "localhost"})
    EXPECT_EQ(put("http://" + host + ":" + port + "/v1", ""),
              "provider proxy: its upstream leads back to it, so that nobody would answer");
  ASSERT_TRUE(
      proxy_
          ->SetScenario(R"({"providers":[{"name":"proxy"},{"name":"b","upstream":"http://127.0.0.1:)" + port +
                        "\"}]}")
          .ok());
  const std::string other = std::to_string(proxy_->port("b"));
  EXPECT_EQ(put("http://127.0.0.1:" + other, R"(,{"name":"b","upstream":"http://127.0.0.1:)" + port + "\"}"),
            "provider proxy: its upstream leads back to it, so that nobody would answer");
  EXPECT_NE(Ask().bytes.find("Hello from proxy."), std::string::npos);
}

TEST_F(UpstreamSocketTest, AKeyOfTheScenarioReplacesTheClients) {
  StartReal(R"(,"api_keys":["sk-real"])");
  StartProxy(R"(,"upstream_api_key":"sk-real")");
  RawClient client(proxy_->port("proxy"));
  client.Send(ChatRequestText("m", "", "Authorization: Bearer sk-mine\r\n"));
  EXPECT_EQ(Status(client.ReadUntil("}}")), "200");
  ::setenv("MOCK_UPSTREAM_TEST_KEY", "sk-real", 1);
  StartProxy(R"(,"upstream_api_key_env":"MOCK_UPSTREAM_TEST_KEY")");
  EXPECT_EQ(Status(Ask()), "200");
  ::unsetenv("MOCK_UPSTREAM_TEST_KEY");
  EXPECT_FALSE(proxy_
                   ->SetScenario(R"({"providers":[{"name":"proxy","upstream":"http://x",)"
                                 R"("upstream_api_key_env":"MOCK_UPSTREAM_TEST_KEY"}]})")
                   .ok());
}

TEST_F(UpstreamSocketTest, AProviderBehindTlsIsVerified) {
  StartReal(R"(,"tls":{"certificate":"valid"})");
  const std::string ca_file = ::testing::TempDir() + "/upstream_ca.pem";
  std::ofstream(ca_file) << real_->CaPem();
  const std::string trusting = R"(,"upstream_ca_file":")" + ca_file + "\"";
  StartProxy(trusting);
  EXPECT_NE(Ask().bytes.find("Hello from real."), std::string::npos);
  EXPECT_TRUE(Unchunked(Ask(kStream).Body()).ends_with("data: [DONE]\n\n"));
  StartProxy();  // trusts the system's authorities alone
  EXPECT_EQ(Status(Ask()), "502");
  for (const char* kind : {"self_signed", "expired", "wrong_name"}) {
    ASSERT_TRUE(real_
                    ->SetScenario(R"({"providers":[{"name":"real","tls":{"certificate":")" +
                                  std::string(kind) + "\"}}]}")
                    .ok());
    StartProxy(trusting);
    const Received received = Ask();
    EXPECT_EQ(Status(received), "502") << kind;
    EXPECT_NE(received.Head().find("x-mock-upstream-error: TLS with"), std::string::npos) << kind;
  }
}

TEST_F(UpstreamSocketTest, TheJournalKeepsWhatPassedSoThatARuleCanPlayItAgain) {
  StartReal(R"(,"rules":[{"match":{"stream":true},"script":[{"reply":{"text":"one two"}}]},
    {"script":[{"reply":{"text":"from afar","status":201,"headers":{"x-region":["north","east"]}}}]}])");
  StartProxy();
  const Received plain = Ask(), stream = Ask(kStream);
  Scenario again;
  for (const JournalEntry& entry : proxy_->Journal()) {
    ASSERT_TRUE(entry.action && entry.action->reply);
    Provider& provider = again.providers.emplace_back();
    provider.name = entry.stream ? "stream" : "plain";
    provider.rules.push_back(Rule{.name = "again", .script = {Step{.action = *entry.action}}});
  }
  const auto played = MockProvider::StartJson(ScenarioJson(again));
  ASSERT_TRUE(played.ok()) << played.status();
  const Received plain_again = testing::Ask((*played)->port("plain"), "m");
  EXPECT_EQ(plain_again.Body(), plain.Body());
  EXPECT_EQ(Status(plain_again), "201");
  EXPECT_NE(plain_again.Head().find("x-region: north"), std::string::npos);
  EXPECT_NE(plain_again.Head().find("x-region: east"), std::string::npos);
  const Received stream_again = testing::Ask((*played)->port("stream"), "m", kStream);
  EXPECT_EQ(stream_again.Body(), stream.Body());
}

TEST_F(UpstreamSocketTest, WhatTheProviderBrokeItselfIsBrokenHereToo) {
  StartReal(R"(,"rules":[{"match":{"stream":true},"script":[
      {"frames":{"at":[{"frame":2,"error_event":"overloaded"}]}},{"frames":{"omit_done":true}},
      {"frames":{"at":[{"frame":1,"malformed":true}]}},{"fault":"empty_body"},{"reply":{}}]},
    {"script":[{"fault":"truncated_json"},{"fault":"invalid_json"},{"fault":"empty_body"},{"error":503},{"reply":{}}]}])");
  StartProxy();
  for (const char* members : {kStream, ""}) {
    for (int i = 0; i < 5; ++i) {
      Ask(members);
      EXPECT_EQ(proxy_->Journal().back().broken, real_->Journal().back().broken) << members << i;
    }
  }
}

// A mock whose provider "mock" plays that action, as a scenario's file gives it.
std::unique_ptr<MockProvider> PlayAgain(const JournalEntry& entry) {
  const auto frozen = Freeze(JournalJson({entry}, 1));
  EXPECT_TRUE(frozen.ok()) << frozen.status();
  auto played = MockProvider::StartJson(ScenarioJson(*frozen));
  EXPECT_TRUE(played.ok()) << played.status();
  return *std::move(played);
}

TEST_F(UpstreamSocketTest, ABrokenStreamIsKeptWithItsBreak) {
  StartReal(
      R"(,"rules":[{"script":[{"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"end":"fin"}]}}]}])");
  for (const char* on_top :
       {"", R"(,"rules":[{"script":[{"hang":{"for_ms":1,"end":"reply"}}]}])",
        R"(,"rules":[{"script":[{"hang":{"at":"frame 1","for_ms":1,"end":"reply"}}]}])"}) {
    StartProxy(on_top);
    const Received broken = Ask(kStream);
    const auto again = PlayAgain(proxy_->Journal().at(0));
    const Received broken_again = testing::Ask(again->port("proxy"), "m", kStream);
    EXPECT_EQ(broken_again.Body(), broken.Body()) << on_top;
    EXPECT_EQ(broken_again.ending, Ending::kFin);
  }
}

TEST_F(UpstreamSocketTest, AnAnswerThatBreaksBehindItsHeadIsKeptAsBroken) {
  StartReal(R"(,"rules":[{"match":{"stream":true},"script":[{"frames":{"at":[{"frame":0,"end":"fin"}]}}]},
    {"script":[{"hang":{"at":"after_headers","for_ms":1,"end":"fin"}}]}])");
  for (const char* on_top : {"", R"(,"rules":[{"script":[{"hang":{"at":"after_headers","for_ms":1}}]}])"}) {
    StartProxy(on_top);
    for (const char* members : {kStream, ""}) {
      const Received broken = Ask(members);
      EXPECT_EQ(broken.Body(), "");
      const JournalEntry entry = proxy_->Journal().back();
      EXPECT_TRUE(entry.broken);
      const auto again = PlayAgain(entry);
      const Received broken_again = testing::Ask(again->port("proxy"), "m", members);
      EXPECT_EQ(Status(broken_again), "200");
      EXPECT_EQ(broken_again.Body(), "");
      EXPECT_EQ(broken_again.Head().find("Content-Length: 0"), std::string::npos) << broken_again.Head();
      EXPECT_TRUE(again->Journal().at(0).broken);
    }
  }
}

TEST_F(UpstreamSocketTest, ASilenceBehindTheHeadIsKeptAsOne) {
  StartReal(R"(,"rules":[{"script":[{"hang":{"at":"after_headers"}}]}])");
  StartProxy();
  for (const char* members : {kStream, ""}) {
    {
      RawClient client(proxy_->port("proxy"));
      client.Send(ChatRequestText("m", members));
      client.ReadUntil("\r\n\r\n");
    }
    ASSERT_TRUE(proxy_->WaitForJournal(kPatience, [](const auto& e) { return e.back().end_ms.has_value(); }));
    const auto again = PlayAgain(proxy_->Journal().back());
    RawClient client(again->port("proxy"));
    client.Send(ChatRequestText("m", members));
    const std::string head = client.ReadUntil("\r\n\r\n").bytes;
    EXPECT_EQ(head.find("Content-Length: 0"), std::string::npos) << head;
    EXPECT_FALSE(again->Journal().at(0).end_ms);
  }
}

}  // namespace
}  // namespace mock_provider
