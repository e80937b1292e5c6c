// A provider that keeps failing is left alone, one that is full is passed by, and retries do not multiply its
// load.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "integration_tests/gateway_test.h"
#include "integration_tests/metrics_scrape.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

constexpr const char* kBreaker = "[circuit_breaker]\nfailures = 3\nopen_ms = 600000\n";
constexpr const char* kNoBreaker = "[circuit_breaker]\nfailures = 0\n";
constexpr const char* kOneDown = R"({"providers":[{"name":"alpha","rules":[
    {"match":{"model":"down"},"script":[{"error":503}]},
    {"match":{"model":"cut"},"script":[{"frames":{"at":[{"frame":1,"end":"reset"}]}}]},
    {"match":{"model":"refused"},"script":[{"error":400}]},
    {"match":{"model":"hang"},"script":[{"hang":{"at":"before_headers"}}]}]},{"name":"beta"}]})";

class BreakerTest : public GatewayTest {
 protected:
  Json Health(int status) {
    const Response response = Ask(port(), Get("/health"));
    EXPECT_EQ(response.status, status);
    return Json::parse(response.body, nullptr, false);
  }
};

TEST_F(BreakerTest, IsOnWhereNothingIsSaidOfIt) {
  Start(kOneDown, {.retry = "max_retries = 0\n"});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat("down").Header("x-arbstr-retries"), "1/alpha");
  const Response response = Chat("down");
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.Has("x-arbstr-retries")) << "skipped, not tried";
  EXPECT_EQ(Asked("alpha"), 5u);
  EXPECT_EQ(Health(200)["providers"][0]["breaker"], "open");
}

TEST_F(BreakerTest, OpensAfterRequestsThatExhaustedTheProviderAndThenAsksItNoMore) {
  Start(kOneDown, {.retry = "max_retries = 1\nbackoff_ms = [1]\n", .more = kBreaker});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat("down").Header("x-arbstr-retries"), "2/alpha");
  EXPECT_EQ(Asked("alpha"), 6u);
  for (int i = 0; i < 5; ++i) {
    const Response response = Chat("down");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
    EXPECT_FALSE(response.Has("x-arbstr-retries")) << "skipped, not tried";
  }
  EXPECT_EQ(Asked("alpha"), 6u);
  EXPECT_TRUE(WaitForLog(" skipped=alpha:breaker_open"));
  EXPECT_EQ(Chat("other").Header("x-arbstr-provider"), "alpha") << "per provider and model";
  const Json health = Health(200);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["providers"][0]["breaker"], "open");
  EXPECT_EQ(health["providers"][1]["breaker"], "closed");
}

// Prompts that a moderation holds back, or that are too long, are one client's.
TEST_F(BreakerTest, FallbacksFromRefusalsOfTheRequestItselfDoNotOpenIt) {
  Start(R"({"providers":[{"name":"alpha","rules":[
            {"match":{"prompt_contains":"long"},"script":[{"error":400}]},
            {"match":{"prompt_contains":"held back"},"script":[{"error":403}]},
            {"match":{"prompt_contains":"no quota"},"script":[{"error":429}]}]},{"name":"beta"}]})",
        {.retry = "fallback_statuses = [400, 403, 429]\n", .more = kBreaker});
  const auto ask = [&](const std::string& prompt) {
    return Ask(port(), ChatRequest(R"({"model":"gpt-4o","messages":[{"role":"user","content":")" + prompt +
                                   R"("}]})"));
  };
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(ask("too long").Header("x-arbstr-retries"), "1/alpha");
    EXPECT_EQ(ask("held back").Header("x-arbstr-retries"), "1/alpha");
  }
  EXPECT_EQ(ask("hello").Header("x-arbstr-provider"), "alpha");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("no quota").Header("x-arbstr-provider"), "beta");
  EXPECT_EQ(ask("hello").Header("x-arbstr-provider"), "beta") << "a used-up quota is everybody's";
}

TEST_F(BreakerTest, RefusalsOfTheRequestItselfThatAreTriedAgainDoNotOpenItEither) {
  Start(kOneDown, {.retry = "statuses = [400]\nmax_retries = 1\nbackoff_ms = [1]\n", .more = kBreaker});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Chat("refused").Header("x-arbstr-retries"), "2/alpha");
}

TEST_F(BreakerTest, AllOpenIsA503WithRetryAfterAndARowWithoutAProvider) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]}]})",
        {.retry = "max_retries = 0\n", .more = kBreaker});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat().status, 503);
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 503, "no_provider_available"));
  EXPECT_NE(response.body.find("the breaker of alpha is open"), std::string::npos) << response.body;
  EXPECT_GE(std::stoi(response.Header("retry-after")), 1);
  EXPECT_LE(std::stoi(response.Header("retry-after")), 600);
  EXPECT_FALSE(response.Has("x-arbstr-provider"));
  EXPECT_TRUE(IsOurError(Stream(), 503, "no_provider_available"));
  EXPECT_EQ(Asked("alpha"), 3u);
  EXPECT_EQ(Health(503)["status"], "unhealthy");
  const auto rows = Rows(5);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_FALSE(rows[3].provider);
  EXPECT_EQ(rows[3].attempts, 0);
  EXPECT_EQ(rows[3].error_status, 503);
}

TEST_F(BreakerTest, TheLogSaysWhenABreakerOpensAndCloses) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"times":4},{"reply":{"text":"back"}}]}]}]})",
      {.retry = "max_retries = 0\n", .more = "[circuit_breaker]\nfailures = 3\nopen_ms = 1\n"});
  ASSERT_TRUE(WaitUntil([&] { return Chat().status == 200; }));
  const std::string breaker = "breaker of alpha for \"gpt-4o\" is ";
  EXPECT_TRUE(WaitForLog(" warning " + breaker +
                         "open for 1 ms after 3 failures in a row, the last: 503 \"The server"));
  EXPECT_TRUE(
      WaitForLog(" warning " + breaker + "open for another 1 ms: its probe failed: 503 \"The server"));
  EXPECT_TRUE(WaitForLog(" info " + breaker + "closed: its probe was answered\n"));
}

TEST_F(BreakerTest, AModelThatAClientMadeUpDoesNotMakeTheGatewayUnhealthy) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"match":{"model":"junk"},"script":[{"error":503}]}]}]})",
        {.retry = "max_retries = 0\n", .more = kBreaker});
  EXPECT_EQ(Chat().status, 200);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Chat("junk").status, 503);
  const Json health = Health(200);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["providers"][0],
            Json({{"name", "alpha"}, {"breaker", "open"}, {"models", Json::array()}, {"more_models", 1}}));
  EXPECT_EQ(Chat().status, 200);
}

TEST_F(BreakerTest, HealthNamesTheModelsWhoseBreakersAreNotClosed) {
  Start(kOneDown,
        {.retry = "max_retries = 0\n", .provider = "models = [\"down\", \"gpt-4o\"]\n", .more = kBreaker});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat("down").status, 200);
  const Json health = Health(200);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["providers"][0]["models"], Json::parse(R"([{"model":"down","breaker":"open"}])"));
  EXPECT_EQ(health["providers"][0]["more_models"], 0);
  EXPECT_FALSE(health["providers"][1].contains("models"));
}

TEST_F(BreakerTest, ClosesAgainOnceAProbeIsAnswered) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"times":3},{"reply":{"text":"back"}}]}]}]})",
      {.retry = "max_retries = 0\n", .more = "[circuit_breaker]\nfailures = 3\nopen_ms = 1\n"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat().status, 503);
  EXPECT_TRUE(WaitUntil([&] { return Chat().status == 200; }));
  EXPECT_EQ(Health(200)["status"], "ok");
}

// A probe may stream for minutes; who comes meanwhile is served.
TEST_F(BreakerTest, ClosesAgainWithTheFirstOfAProbesStream) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"match":{"stream":true},"script":[{"error":503,"times":3},
            {"hang":{"at":"frame 2"},"reply":{"text":"one two three"}}]},{"script":[{"reply":{"text":"served"}}]}]}]})",
      {.retry = "max_retries = 0\n", .more = "[circuit_breaker]\nfailures = 3\nopen_ms = 1\n"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Stream().status, 503);
  std::optional<HttpClient> probe;
  ASSERT_TRUE(WaitUntil([&] {
    probe.emplace(Connect());
    return probe->Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))) &&
           probe->ReadUntil("\r\n").starts_with("HTTP/1.1 200");
  }));
  ASSERT_TRUE(WaitForLog("is closed: its probe was answered"));
  EXPECT_EQ(Chat().status, 200);
}

TEST_F(BreakerTest, DeadlinesAndBrokenStreamsCountAndFinalAnswersReset) {
  Start(kOneDown, {.retry = "max_retries = 0\nfallbacks = 0\n", .more = kBreaker});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Stream("cut").status, 200);
  EXPECT_EQ(Stream("cut").Header("x-arbstr-provider"), "beta");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat("hang", "", {{"x-arbstr-deadline-ms", "50"}}).status, 504);
  EXPECT_EQ(Chat("hang").Header("x-arbstr-provider"), "beta");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat("refused").status, 400);
}

TEST_F(BreakerTest, ADeadlineThatIsTooShortForAHealthyProviderCountsForNothing) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"delay_ms":200,"reply":{"text":"in time"}}]}]}]})",
      {.retry = "max_retries = 0\n", .more = kBreaker});
  EXPECT_EQ(Chat().status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat("gpt-4o", "", {{"x-arbstr-deadline-ms", "5"}}).status, 504);
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Health(200)["status"], "ok");
}

// A slow answer to one model is no excuse for silence at another.
TEST_F(BreakerTest, SilenceForTheWholeConfiguredDeadlineCountsHoweverLongOtherAnswersTook) {
  Start(R"({"providers":[{"name":"alpha","rules":[
            {"match":{"model":"slow"},"script":[{"delay_ms":600}]},
            {"match":{"model":"hang"},"script":[{"hang":{}}]}]},{"name":"beta"}]})",
        {.retry = "deadline_ms = 200\ndeadline_by_model = { slow = 20000 }\n", .more = kBreaker});
  EXPECT_EQ(Chat("slow").status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat("hang").status, 504);
  EXPECT_EQ(Chat("hang").Header("x-arbstr-provider"), "beta");
}

TEST_F(BreakerTest, DeadlinesThatNobodyMeetsCountForNothingBeforeTheFirstAnswerEither) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"delay_ms":100}]}]}]})",
        {.retry = "max_retries = 0\n", .more = kBreaker});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat("gpt-4o", "", {{"x-arbstr-deadline-ms", "1"}}).status, 504);
  EXPECT_EQ(Chat().status, 200);
}

TEST_F(BreakerTest, AStreamsFirstTokenHasATimeOfItsOwn) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"match":{"stream":true},"script":[{"delay_ms":300}]}]}]})",
        {.retry = "max_retries = 0\nstreaming = \"before_first_token\"\n", .more = kBreaker});
  EXPECT_EQ(Stream().status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat().status, 200);
  const std::string stream = R"(,"stream":true)";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Chat("gpt-4o", stream, {{"x-arbstr-deadline-ms", "50"}}).status, 504);
  EXPECT_EQ(Stream().status, 200);
}

// What a provider that hangs has left of the deadline is no time for the next one.
TEST_F(BreakerTest, AFallbackThatGetsTheRestOfADeadlineIsNotJudgedByIt) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"delay_ms":350,"error":503}]}]},
            {"name":"beta","rules":[{"script":[{"delay_ms":300}]}]}]})",
        {.retry = "max_retries = 0\ndeadline_ms = 500\n", .more = kBreaker});
  const auto beta = [&] { return Health(200)["providers"][1]["breaker"]; };
  for (int i = 0; i < 4; ++i) Chat();
  EXPECT_EQ(beta(), "closed");
}

TEST_F(BreakerTest, AClientThatLeavesCountsForNothing) {
  Start(kOneDown, {.more = kBreaker});
  for (std::size_t i = 1; i <= 5; ++i) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("hang"))));
    ASSERT_TRUE(WaitForJournal([i](const auto& entries) { return entries.size() == i; }));
    client.Close();
    ASSERT_EQ(Rows(i).size(), i);
  }
  EXPECT_EQ(Health(200)["status"], "ok");
}

TEST_F(BreakerTest, WhatTheGatewayItselfHasNoMoreOfIsNotTheProvidersFailure) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer in the gateway opens descriptors of its own, and ends it without";
#endif
  Start(kOneDown, {.retry = "max_retries = 0\nfallbacks = 0\n", .more = kBreaker});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/health")));
  ASSERT_EQ(client.ReadResponse().status, 200);
  rlimit limit{};
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
  rlimit none = limit;
  none.rlim_cur = 0;
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    const Response response = client.ReadResponse();
    EXPECT_TRUE(IsOurError(response, 502, "gateway_limit"));
    EXPECT_NE(response.body.find("the gateway itself has no file descriptor left"), std::string::npos)
        << response.body;
  }
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  EXPECT_EQ(Health(200)["status"], "ok") << "three failures open the breaker";
  EXPECT_EQ(Chat().Header("x-arbstr-provider"), "alpha");
  EXPECT_TRUE(WaitForLog("the gateway itself has no file descriptor left"));
}

TEST_F(BreakerTest, AProviderThatIsFullIsPassedBy) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"match":{"model":"hang"},"script":[{"hang":{}}]}]},{"name":"beta"}]})",
      {.provider = "max_concurrency = 1\n"});
  HttpClient holder = Connect();
  ASSERT_TRUE(holder.Send(ChatRequest(ChatBody("hang"))));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  EXPECT_FALSE(response.Has("x-arbstr-retries"));
  EXPECT_TRUE(WaitForLog(" skipped=alpha:at_capacity"));
  holder.Close();
  ASSERT_EQ(Rows(2).size(), 2u);
  EXPECT_EQ(Chat().Header("x-arbstr-provider"), "alpha") << "its place is free again";
}

TEST_F(BreakerTest, RetriesStayWithinTheirBudgetWhereNothingIsSaidOfIt) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})",
        {.retry = "backoff_ms = [0]\n", .more = kNoBreaker});
  constexpr std::size_t kRequests = 150;
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kRequests; ++i) EXPECT_EQ(Chat().Header("x-arbstr-provider"), "beta");
  const auto took = std::chrono::steady_clock::now() - begun;
  // 100 in any 10 s, since a fifth of the requests is less.
  const auto windows = static_cast<std::size_t>(took / std::chrono::seconds(9)) + 1;
  EXPECT_GE(Asked("alpha"), kRequests + 100);
  EXPECT_LE(Asked("alpha"), kRequests + 100 * windows);
}

TEST_F(BreakerTest, RetriesStayWithinTheirBudget) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})",
        {.retry = "backoff_ms = [1]\nbudget_percent = 20\nbudget_min_per_s = 1\n", .more = kNoBreaker});
  constexpr std::size_t kRequests = 100;
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kRequests; ++i) {
    const Response response = Chat();
    EXPECT_EQ(response.status, 200) << "past the budget straight to the fallback";
    EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  // A fifth of a window's requests or 10, whichever is more: 20 where all come within one window, and 10 for
  // each further window, whose share of the requests may be next to none.
  const auto windows = static_cast<std::size_t>(took / std::chrono::seconds(9)) + 1;
  EXPECT_GE(Asked("alpha"), kRequests + 10);
  EXPECT_LE(Asked("alpha"), kRequests + 20 + 10 * (windows - 1));
  EXPECT_TRUE(WaitForLog(" not_retried=retry_budget "));
}

TEST_F(BreakerTest, ARetryThatItsClientDoesNotWaitForIsNotTakenFromTheBudget) {
  Start(R"({"providers":[{"name":"alpha","rules":[
            {"match":{"model":"later"},"script":[{"error":503,"retry_after_ms":20000}]},
            {"script":[{"error":503}],"then":"pass"}]}]})",
        {.retry = "backoff_ms = [0]\nbudget_percent = 1\nbudget_min_per_s = 1\n", .more = kNoBreaker});
  constexpr int kBudget = 10;  // of any 10 s
  for (int i = 1; i <= kBudget; ++i) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("later"))));
    ASSERT_TRUE(WaitUntil([&] {
      return MetricsScrape::Of(port()).Sum("arbstr_upstream_attempts_total", {{"outcome", "retryable"}}) == i;
    }));
    client.Close();
    ASSERT_EQ(Rows(static_cast<std::size_t>(i)).size(), static_cast<std::size_t>(i));
  }
  EXPECT_EQ(Chat().status, 200);
}

}  // namespace
}  // namespace integration_tests
