// The admin API over its socket.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using nlohmann::json;

class AdminTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a"},{"name":"b"}]})",
                                        {.admin_listen = "127.0.0.1:0"});
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
  }

  json Admin(const std::string& method, const std::string& target, const std::string& body = "") {
    return json::parse(testing::AskAdmin(mock_->admin_port(), method, target, body, &status_), nullptr,
                       false);
  }

  std::string Chat(const std::string& provider, const std::string& model = "m") {
    return testing::Ask(mock_->port(provider), model).bytes.substr(9, 3);
  }

  std::unique_ptr<MockProvider> mock_;
  int status_ = 0;
};

TEST_F(AdminTest, HealthNamesTheProvidersAndTheirAddresses) {
  const json health = Admin("GET", "/health");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(health["status"], "ok");
  EXPECT_EQ(health["providers"][1], json({{"name", "b"}, {"url", mock_->Url("b")}}));
}

TEST_F(AdminTest, AScenarioIsReplacedWholeAndReadBack) {
  Admin("PUT", "/__admin/scenario",
        R"({"seed":9,"providers":[{"name":"a","rules":[{"name":"r","script":[{"error":500}]}]}]})");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(Chat("a"), "500");
  const json scenario = Admin("GET", "/__admin/scenario");
  EXPECT_EQ(scenario["seed"], 9);
  EXPECT_EQ(scenario["providers"].size(), 1u);
  EXPECT_EQ(scenario["providers"][0]["rules"][0]["name"], "r");
}

TEST_F(AdminTest, ABadScenarioIs400WithEveryMistakeAndChangesNothing) {
  const json answer = Admin("PUT", "/__admin/scenario", R"({"sed":9,"providers":[{"name":"a","rulez":[]}]})");
  EXPECT_EQ(status_, 400);
  EXPECT_EQ(answer["mistakes"].size(), 2u);
  EXPECT_EQ(Chat("b"), "200");
}

TEST_F(AdminTest, OfManyMistakesTheFirstAreNamedAndTheOthersCounted) {
  std::string members = R"("unknown":0)";
  for (int i = 0; i < 999; ++i) members += ",\"unknown" + std::to_string(i) + "\":0";
  const json answer = Admin("PUT", "/__admin/scenario", "{" + members + "}");
  EXPECT_EQ(status_, 400);
  ASSERT_EQ(answer["mistakes"].size(), 101u);
  EXPECT_EQ(answer["mistakes"][100], "and 900 more");
}

TEST_F(AdminTest, TheKeyOfAnUpstreamIsNotShownAndStaysWhenTheScenarioIsSentBack) {
  const auto real =
      MockProvider::StartJson(R"({"providers":[{"name":"real","api_keys":["sk-real-secret-key"]}]})");
  ASSERT_TRUE(real.ok()) << real.status();
  Admin("PUT", "/__admin/scenario",
        R"({"providers":[{"name":"a","upstream":")" + (*real)->Url("real") +
            R"(","upstream_api_key":"sk-real-secret-key"}]})");
  ASSERT_EQ(status_, 200);
  const json shown = Admin("GET", "/__admin/scenario");
  EXPECT_EQ(shown["providers"][0]["upstream_api_key"], "sk-re***ey");
  Admin("PUT", "/__admin/scenario", shown.dump());
  EXPECT_EQ(Chat("a"), "200");
  json elsewhere = shown;
  elsewhere["providers"][0]["upstream"] = (*real)->Url("real") + "/v2";
  const json refused = Admin("PUT", "/__admin/scenario", elsewhere.dump());
  EXPECT_EQ(status_, 400);
  EXPECT_NE(refused.dump().find("providers[0].upstream_api_key: is the mask of a key"), std::string::npos)
      << refused;
  EXPECT_EQ(Chat("a"), "200");
}

TEST_F(AdminTest, AKeyIsMaskedWithoutCuttingACharacterInTwo) {
  Admin(
      "PUT", "/__admin/scenario",
      R"({"providers":[{"name":"a","upstream":"http://127.0.0.1:9","upstream_api_key":"abcdé-secret-é1"}]})");
  ASSERT_EQ(status_, 200);
  const json shown = Admin("GET", "/__admin/scenario");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(shown["providers"][0]["upstream_api_key"], "***");
  Admin("PUT", "/__admin/scenario", shown.dump());
  EXPECT_EQ(status_, 200);
}

TEST_F(AdminTest, WhatShouldHaveBeenAnObjectIsCalledByItsName) {
  const auto mistake = [&](const std::string& method, const std::string& target) {
    return Admin(method, target, "[]").dump();
  };
  EXPECT_NE(mistake("PUT", "/__admin/scenario").find("scenario: must be an object"), std::string::npos);
  EXPECT_NE(mistake("PUT", "/__admin/clock").find("clock: must be an object"), std::string::npos);
  EXPECT_NE(mistake("POST", "/__admin/verify").find("expectation: must be an object"), std::string::npos);
  EXPECT_NE(mistake("POST", "/__admin/requests/count").find("question: must be an object"),
            std::string::npos);
}

TEST_F(AdminTest, AnAnswerToHeadIsItsHeadAlone) {
  testing::RawClient client(mock_->admin_port());
  client.Send("HEAD /health HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.ReadToEnd().bytes.ends_with("\r\n\r\n"));
}

TEST_F(AdminTest, AnAddedRuleComesFirstAndCanBeRemoved) {
  Admin("POST", "/__admin/rules", R"({"name":"old","script":[{"error":500}]})");
  Admin("POST", "/__admin/rules?provider=b", R"({"name":"new one","script":[{"error":502}]})");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(Chat("a"), "500");
  EXPECT_EQ(Chat("b"), "502");
  Admin("DELETE", "/__admin/rules/new%20one");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(Chat("b"), "500");
  Admin("DELETE", "/__admin/rules/old");
  EXPECT_EQ(Chat("a"), "200");
  EXPECT_EQ(Chat("b"), "200");
}

TEST_F(AdminTest, ARuleWithoutANameGetsAFreeOneAndIsToldIt) {
  Admin("PUT", "/__admin/scenario",
        R"({"providers":[{"name":"a","rules":[{"script":[{"error":500}]}]},{"name":"b c"}]})");
  EXPECT_EQ(Admin("POST", "/__admin/rules?provider=b+c", R"({"script":[{"error":502}]})"),
            json({{"ok", true}, {"name", "rule-0"}}));
  EXPECT_EQ(Admin("POST", "/__admin/rules", R"({"script":[{"error":502}]})")["name"], "rule-1");
  EXPECT_EQ(Admin("POST", "/__admin/rules", R"({"name":"mine","script":[{"error":502}]})")["name"], "mine");
}

TEST_F(AdminTest, RulesThatCannotBeAddedOrRemovedSayWhy) {
  Admin("POST", "/__admin/rules", R"({"name":"r","script":[{"error":500}]})");
  EXPECT_NE(Admin("POST", "/__admin/rules", R"({"name":"r","script":[{"error":500}]})")["error"], nullptr);
  EXPECT_EQ(status_, 409);
  Admin("POST", "/__admin/rules?provider=x", R"({"script":[{"error":500}]})");
  EXPECT_EQ(status_, 404);
  Admin("POST", "/__admin/rules?providr=a", R"({"script":[{"error":500}]})");
  EXPECT_EQ(status_, 400);
  Admin("POST", "/__admin/rules", R"({"script":[]})");
  EXPECT_EQ(status_, 400);
  Admin("DELETE", "/__admin/rules/none");
  EXPECT_EQ(status_, 404);
}

TEST_F(AdminTest, ARuleIsTakenFromTheProviderThatIsNamedAlone) {
  Admin("POST", "/__admin/rules", R"({"name":"r","script":[{"error":500}]})");
  Admin("DELETE", "/__admin/rules/r?provider=a");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(Chat("a"), "200");
  EXPECT_EQ(Chat("b"), "500");
  Admin("DELETE", "/__admin/rules/r?provider=a");
  EXPECT_EQ(status_, 404);
  Admin("DELETE", "/__admin/rules/r?provider=x");
  EXPECT_EQ(status_, 404);
  Admin("DELETE", "/__admin/rules/r?providr=b");
  EXPECT_EQ(status_, 400);
  EXPECT_EQ(Chat("b"), "500");
}

TEST_F(AdminTest, TheJournalOfOneProviderCanBeReadAndNoQueryIsIgnored) {
  Chat("a");
  Chat("b");
  const json journal = Admin("GET", "/__admin/requests?provider=b");
  ASSERT_EQ(journal["requests"].size(), 1u);
  EXPECT_EQ(journal["requests"][0]["provider"], "b");
  EXPECT_EQ(journal["requests"][0]["seq"], 2);
  Admin("GET", "/__admin/requests?provider=x");
  EXPECT_EQ(status_, 404);
  for (const auto& [method, target] :
       {std::pair("GET", "/__admin/requests?providr=b"), std::pair("DELETE", "/__admin/requests?provider=b"),
        std::pair("POST", "/__admin/reset?provider=b"), std::pair("GET", "/__admin/scenario?provider=b")}) {
    Admin(method, target);
    EXPECT_EQ(status_, 400) << target;
  }
  EXPECT_EQ(Admin("GET", "/__admin/requests")["requests"].size(), 2u);
}

TEST_F(AdminTest, AProviderThatIsNotThereIsNoneThatNothingWasAskedOf) {
  const json answer = Admin("POST", "/__admin/verify", R"({"provider":"mok","count":0})");
  EXPECT_EQ(status_, 400);
  EXPECT_EQ(answer["error"], "provider: \"mok\" is none of a, b");
  Chat("a");
  Admin("PUT", "/__admin/scenario", R"({"providers":[{"name":"c"}]})");
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", R"({"provider":"a"})")["count"], 1) << "it was there";
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", R"({"provider":"c"})")["count"], 0);
}

TEST_F(AdminTest, TheJournalIsReadCountedAndCleared) {
  Chat("a", "gpt-4o");
  Chat("b", "o3");
  const json journal = Admin("GET", "/__admin/requests");
  EXPECT_EQ(journal["total"], 2);
  const json& entry = journal["requests"][0];
  EXPECT_EQ(entry["seq"], 1);
  EXPECT_EQ(entry["provider"], "a");
  EXPECT_EQ(entry["model"], "gpt-4o");
  EXPECT_EQ(entry["status"], 200);
  EXPECT_EQ(entry["headers"]["content-type"], "application/json");
  EXPECT_EQ(json::parse(entry["body"].get<std::string>())["model"], "gpt-4o");
  EXPECT_TRUE(entry["rule"].is_null());
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", R"({"match":{"model":"gpt*"}})")["count"], 1);
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", R"({"provider":"b"})")["count"], 1);
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", "{}")["count"], 2);
  Admin("POST", "/__admin/requests/count", R"({"match":{"modle":"x"}})");
  EXPECT_EQ(status_, 400);
  Admin("DELETE", "/__admin/requests");
  EXPECT_EQ(Admin("GET", "/__admin/requests"), json({{"requests", json::array()}, {"total", 0}}));
}

TEST_F(AdminTest, ALongJournalComesInPiecesThatProvidersAndOtherQuestionsDoNotWaitFor) {
  const std::string padding = R"(,"padding":")" + std::string(500'000, 'x') + "\"";
  for (int i = 0; i < 40; ++i) testing::Ask(mock_->port("a"), "m", padding);
  testing::RawClient reader(mock_->admin_port());
  reader.Send("GET /__admin/requests HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
  std::string text = reader.ReadUntil("\r\n\r\n").bytes;
  EXPECT_NE(text.find("Transfer-Encoding: chunked"), std::string::npos);
  // Twenty megabytes are more than the sockets take: the answer waits for its reader.
  EXPECT_EQ(Chat("a", "after"), "200");
  EXPECT_EQ(Admin("POST", "/__admin/requests/count", R"({"match":{"model":"after"}})")["count"], 1);
  EXPECT_EQ(Admin("GET", "/__admin/requests?since=40")["requests"].size(), 1u);
  text += reader.ReadToEnd().bytes;
  const json journal =
      json::parse(testing::Unchunked(text.substr(text.find("\r\n\r\n") + 4)), nullptr, false);
  ASSERT_TRUE(journal.is_object());
  EXPECT_EQ(journal["requests"].size(), 40u);
  EXPECT_EQ(journal["requests"][39]["body"].get<std::string>().size(), mock_->Journal()[39].body.size());
  EXPECT_EQ(journal["total"], 40);
}

TEST_F(AdminTest, AnOldClientReadsALongJournalToTheEndOfItsConnection) {
  const std::string padding = R"(,"padding":")" + std::string(500'000, 'x') + "\"";
  for (int i = 0; i < 3; ++i) testing::Ask(mock_->port("a"), "m", padding);
  testing::RawClient reader(mock_->admin_port());
  reader.Send("GET /__admin/requests HTTP/1.0\r\n\r\n");
  const testing::Received received = reader.ReadToEnd();
  EXPECT_EQ(received.ending, testing::Ending::kFin);
  EXPECT_EQ(json::parse(received.Body(), nullptr, false)["requests"].size(), 3u);
}

TEST_F(AdminTest, AnEntryCarriesTheActionThatPlaysItsOutcomeAgain) {
  Admin("PUT", "/__admin/scenario", R"({"seed":1,"providers":[{"name":"a","rules":[
    {"match":{"model":"late"},"script":[{"error":"rate_limit","retry_after_ms":1500,
      "delay_ms":{"type":"uniform","lower":1,"upper":2}}]},
    {"match":{"model":"either"},"script":[{"choose":[{"weight":1,"error":500},{"weight":1,"error":502}]}]}]}]})");
  ASSERT_EQ(status_, 200);
  Chat("a", "late");
  const std::string status = Chat("a", "either");
  Chat("a");
  const json requests = Admin("GET", "/__admin/requests")["requests"];
  const json late = requests[0]["action"];
  EXPECT_EQ(late["error"], "rate_limit");
  EXPECT_EQ(late["retry_after_ms"], 1500);
  ASSERT_TRUE(late["delay_ms"].is_number()) << late;
  EXPECT_GE(requests[0]["first_byte_ms"].get<double>() - requests[0]["arrival_ms"].get<double>(),
            late["delay_ms"].get<double>());
  EXPECT_EQ(requests[1]["action"], json({{"error", std::stoi(status)}}));
  EXPECT_FALSE(requests[2].contains("action"));
}

TEST_F(AdminTest, AnExpectationIs200OrElse422WithTheDifference) {
  Admin("PUT", "/__admin/clock", R"({"freeze":true})");
  Chat("a", "gpt-4o");
  Admin("PUT", "/__admin/clock", R"({"advance_ms":1000})");
  Chat("b", "o3");
  json answer =
      Admin("POST", "/__admin/verify",
            R"({"count":2,"min_gap_ms":900,"max_gap_ms":1100,"order":[{"model":"gpt*"},{"model":"o3"}]})");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(answer, json({{"ok", true}, {"count", 2}, {"requests", {1, 2}}, {"differences", json::array()}}));
  answer = Admin("POST", "/__admin/verify", R"({"match":{"model":"gpt*"},"count":3})");
  EXPECT_EQ(status_, 422);
  EXPECT_EQ(answer["differences"], json({"count: 3 expected, 1 found"}));
  Admin("POST", "/__admin/verify", R"({"cuont":3})");
  EXPECT_EQ(status_, 400);
}

TEST_F(AdminTest, OnAFrozenClockARequestIsExactlyAsFarFromTheNextAsTheClockWasMoved) {
  Admin("PUT", "/__admin/clock", R"({"freeze":true})");
  for (int i = 0; i < 20; ++i) {
    Chat("a");
    Admin("PUT", "/__admin/clock", R"({"advance_ms":500})");
  }
  EXPECT_TRUE(Admin("POST", "/__admin/verify", R"({"min_gap_ms":500,"max_gap_ms":500})")["ok"]);
  const json now = Admin("GET", "/__admin/clock")["now_ms"];
  Admin("PUT", "/__admin/clock", json({{"advance_ms", 60'000 - now.get<double>()}}).dump());
  EXPECT_EQ(Admin("GET", "/__admin/clock")["now_ms"], 60'000);
}

TEST_F(AdminTest, TheVerdictJudgesTheJournal) {
  EXPECT_EQ(Admin("GET", "/__admin/verdict")["ok"], true);
  Admin("POST", "/__admin/rules", R"({"script":[{"error":400}]})");
  Chat("a");
  Chat("a");
  const json verdict = Admin("GET", "/__admin/verdict");
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(verdict["ok"], false);
  EXPECT_EQ(verdict["requests"], 2);
  EXPECT_EQ(verdict["findings"][0]["kind"], "retried_non_retryable");
  EXPECT_EQ(verdict["findings"][0]["requests"], json({1, 2}));
  EXPECT_TRUE(verdict["findings"][0]["detail"].is_string());
}

TEST_F(AdminTest, TheVerdictsThresholdsCanBeMovedAndNotMisspelt) {
  Admin("POST", "/__admin/rules", R"({"script":[{"hang":{}}]})");
  testing::RawClient client(mock_->port("a"));
  client.Send(testing::ChatRequestText("m"));
  ASSERT_TRUE(
      mock_->WaitForJournal(std::chrono::seconds(10), [](const auto& entries) { return !entries.empty(); }));
  Admin("PUT", "/__admin/clock", R"({"freeze":true,"advance_ms":6000})");
  EXPECT_EQ(Admin("GET", "/__admin/verdict")["ok"], true);
  EXPECT_EQ(Admin("GET", "/__admin/verdict?storm_attempts=3&timeout_ms=5000")["findings"][0]["kind"],
            "no_timeout");
  EXPECT_EQ(Admin("GET", "/__admin/verdict?timeout_ms=5000&ignore=retry_storm,no_timeout")["ok"], true);
  EXPECT_EQ(Admin("GET", "/__admin/verdict?timeout_ms=5000&ignore=retry_storm,gave_up")["ok"], false);
  const json unknown = Admin("GET", "/__admin/verdict?ignore=retry_strom");
  EXPECT_EQ(status_, 400);
  EXPECT_NE(unknown.dump().find("retry_storm"), std::string::npos) << unknown;
  const json misspelt = Admin("GET", "/__admin/verdict?timeout=5000");
  EXPECT_EQ(status_, 400);
  EXPECT_EQ(misspelt["error"], "timeout: unknown threshold (did you mean \"timeout_ms\"?)");
  for (const char* wrong : {"timeout_ms", "timeout_ms=", "timeout_ms=x", "timeout_ms=-1", "timeout_ms=inf"}) {
    Admin("GET", std::string("/__admin/verdict?") + wrong);
    EXPECT_EQ(status_, 400) << wrong;
  }
}

TEST_F(AdminTest, WhatIsNoRequestIsInNoJournalButCounted) {
  testing::RawClient client(mock_->port("a"));
  client.Send("nonsense\r\n\r\n");
  EXPECT_EQ(client.ReadToEnd().bytes.substr(9, 3), "400");
  EXPECT_EQ(Admin("GET", "/__admin/requests")["total"], 0);
  const std::string text = testing::AskAdmin(mock_->admin_port(), "GET", "/metrics", "", &status_);
  EXPECT_NE(text.find("mock_provider_refused_total{provider=\"a\",status=\"400\"} 1\n"), std::string::npos);
}

TEST_F(AdminTest, MetricsArePrometheusText) {
  Chat("b");
  const std::string text = testing::AskAdmin(mock_->admin_port(), "GET", "/metrics", "", &status_);
  EXPECT_EQ(status_, 200);
  EXPECT_NE(text.find("mock_provider_requests_total{provider=\"b\",rule=\"\",status=\"200\"} 1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("mock_provider_requests_open{provider=\"b\"} 0\n"), std::string::npos) << text;
}

TEST_F(AdminTest, TheClockIsFrozenAdvancedAndRun) {
  const json frozen = Admin("PUT", "/__admin/clock", R"({"freeze":true})");
  EXPECT_EQ(frozen["frozen"], true);
  EXPECT_EQ(Admin("GET", "/__admin/clock")["now_ms"], frozen["now_ms"]);
  const json advanced = Admin("PUT", "/__admin/clock", R"({"advance_ms":500})");
  EXPECT_NEAR(advanced["now_ms"].get<double>() - frozen["now_ms"].get<double>(), 500, 0.01);
  EXPECT_EQ(Admin("PUT", "/__admin/clock", R"({"run":true})")["frozen"], false);
  for (const char* wrong :
       {"{}", R"({"freeze":true,"run":true})", R"({"advance_ms":-1})", R"({"freez":true})", "[]"}) {
    Admin("PUT", "/__admin/clock", wrong);
    EXPECT_EQ(status_, 400) << wrong;
  }
}

TEST_F(AdminTest, ResetBeginsAnew) {
  Admin("POST", "/__admin/rules", R"({"script":[{"error":500}],"then":"pass"})");
  EXPECT_EQ(Chat("a"), "500");
  EXPECT_EQ(Chat("a"), "200");
  Admin("POST", "/__admin/reset");
  EXPECT_EQ(Chat("a"), "500");
  EXPECT_EQ(Admin("GET", "/__admin/requests")["total"], 1);
}

TEST_F(AdminTest, AResetSetsTheClockGoingAgainAsItBegan) {
  Admin("PUT", "/__admin/clock", R"({"freeze":true,"advance_ms":5000})");
  EXPECT_EQ(Admin("GET", "/__admin/clock")["frozen"], true);
  Admin("POST", "/__admin/reset");
  EXPECT_EQ(Admin("GET", "/__admin/clock")["frozen"], false);
}

TEST_F(AdminTest, WhatARouteDoesNotTakeIsAMistake) {
  for (const char* target : {"/health?x=1", "/metrics?x=1"}) {
    Admin("GET", target);
    EXPECT_EQ(status_, 200) << target << ": those who watch add their own";
  }
  for (const char* target : {"/__admin/scenario?x=1", "/__admin/clock?x=1"}) {
    EXPECT_NE(Admin("GET", target)["error"].get<std::string>().find("takes no query"), std::string::npos);
    EXPECT_EQ(status_, 400) << target;
  }
  EXPECT_EQ(Admin("POST", "/__admin/reset", R"({"clock":true})")["error"],
            "POST /__admin/reset takes no body");
  EXPECT_EQ(status_, 400);
  Admin("POST", "/__admin/reset", "{}");
  EXPECT_EQ(status_, 200) << "which says nothing";
  Admin("DELETE", "/__admin/rules/x", "[]");
  EXPECT_EQ(status_, 400);
  EXPECT_EQ(Admin("GET", "/__admin/verdict?timeout_ms=1&timeout_ms=2")["error"], "timeout_ms: given twice");
  EXPECT_EQ(status_, 400);
}

TEST_F(AdminTest, WhatIsNotThereSaysSo) {
  Admin("GET", "/__admin/nothing");
  EXPECT_EQ(status_, 404);
  Admin("DELETE", "/__admin/scenario");
  EXPECT_EQ(status_, 405);
}

TEST_F(AdminTest, AClockMovedJustPastAnEdgeFindsThePortThere) {
  for (int round = 0; round < 20; ++round) {
    auto mock = MockProvider::StartJson(
        R"({"providers":[{"name":"a","listener":[{"refuse":true,"schedule":[{"after_ms":60000,"for_ms":5000}]}]}]})",
        {.admin_listen = "127.0.0.1:0"});
    ASSERT_TRUE(mock.ok()) << mock.status();
    int status = 0;
    const auto move = [&](const json& command) {
      const std::string answer =
          testing::AskAdmin((*mock)->admin_port(), "PUT", "/__admin/clock", command.dump(), &status);
      EXPECT_EQ(status, 200);
      return json::parse(answer)["now_ms"].get<double>();
    };
    const double now = move({{"freeze", true}});
    move({{"advance_ms", 60'000 - now + 0.002}});
    EXPECT_FALSE(testing::RawClient((*mock)->port("a")).Connected());
  }
}

}  // namespace
}  // namespace mock_provider
