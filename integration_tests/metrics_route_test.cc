// GET /metrics: what it counts, by asking for it over HTTP.
#include <gtest/gtest.h>

#include <cmath>

#include "integration_tests/gateway_test.h"
#include "integration_tests/metrics_scrape.h"

namespace integration_tests {
namespace {

class MetricsRouteTest : public GatewayTest {
 protected:
  MetricsScrape Scrape() { return MetricsScrape::Of(port()); }
};

constexpr const char* kModels = "models = [\"gpt-4o\", \"flaky\", \"refused\", \"cut\"]\n";
constexpr const char* kScenario = R"({"providers":[
  {"name":"alpha","rules":[
    {"match":{"model":"flaky"},"script":[{"error":503}]},
    {"match":{"model":"refused"},"script":[{"error":"rate_limit"}]},
    {"match":{"model":"cut"},"script":[{"frames":{"at":[{"frame":2,"end":"reset"}]}}]}]},
  {"name":"beta"}]})";

TEST_F(MetricsRouteTest, ThePageOfAGatewayThatHasDoneNothingIsWellFormed) {
  Start(kScenario, {.provider = kModels});
  const MetricsScrape scrape = Scrape();
  EXPECT_EQ(scrape.Sum("arbstr_build_info"), 1);
  EXPECT_EQ(scrape.Series("arbstr_requests_total"), 0u);
  EXPECT_EQ(scrape.Sum("arbstr_requests_in_flight"), 0);
  EXPECT_EQ(scrape.Sum("arbstr_connections"), 1) << "the one that asks";
  EXPECT_EQ(scrape.Sum("arbstr_log_writable"), 1);
  EXPECT_EQ(scrape.Sum("arbstr_breaker_state", {{"state", "closed"}}), 2);
  EXPECT_EQ(scrape.Sum("arbstr_breaker_state"), 2) << "one state each";
  EXPECT_EQ(scrape.Values("arbstr_upstream_attempts_total", "provider"),
            (std::set<std::string>{"alpha", "beta"}));
  EXPECT_GT(scrape.Sum("process_resident_memory_bytes"), 0);
  EXPECT_GT(scrape.Sum("process_open_fds"), 0);
  EXPECT_GT(scrape.Sum("process_start_time_seconds"), 1.6e9);
}

TEST_F(MetricsRouteTest, RequestsAttemptsTokensAndSatsAreCountedAsTheirRowsTellThem) {
  Start(kScenario, {.retry = "max_retries = 2\n", .provider = kModels});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Stream().status, 200);
  EXPECT_EQ(Chat("flaky").status, 200) << "from the other provider";
  EXPECT_EQ(Chat("refused").status, 429);
  EXPECT_FALSE(Stream("cut").complete);
  EXPECT_EQ(Chat("no-such-model").status, 400);
  const auto rows = Rows(6);
  ASSERT_EQ(rows.size(), 6u);
  const MetricsScrape scrape = WaitForMetric(port(), "arbstr_log_rows_committed_total", {}, 6);
  const auto requests = [&](const char* provider, const char* model, const char* status,
                            const char* streaming) {
    return scrape.Sum(
        "arbstr_requests_total",
        {{"provider", provider}, {"model", model}, {"status", status}, {"streaming", streaming}});
  };
  EXPECT_EQ(requests("alpha", "gpt-4o", "200", "false"), 1);
  EXPECT_EQ(requests("alpha", "gpt-4o", "200", "true"), 1);
  EXPECT_EQ(requests("beta", "flaky", "200", "false"), 1);
  EXPECT_EQ(requests("alpha", "refused", "429", "false"), 1);
  EXPECT_EQ(requests("alpha", "cut", "502", "true"), 1);
  EXPECT_EQ(requests("none", "other", "400", "false"), 1);
  EXPECT_EQ(scrape.Sum("arbstr_requests_total"), 6);

  const auto attempts = [&](const char* provider, const char* outcome) {
    return scrape.Sum("arbstr_upstream_attempts_total", {{"provider", provider}, {"outcome", outcome}});
  };
  EXPECT_EQ(attempts("alpha", "answered"), 2);
  EXPECT_EQ(attempts("alpha", "retryable"), 3);
  EXPECT_EQ(attempts("alpha", "final"), 1);
  EXPECT_EQ(attempts("alpha", "broken_stream"), 1);
  EXPECT_EQ(attempts("beta", "answered"), 1);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_attempts_total"), 8);
  EXPECT_EQ(scrape.Sum("arbstr_retries_total", {{"provider", "alpha"}}), 2);
  EXPECT_EQ(scrape.Sum("arbstr_retries_total"), 2);
  EXPECT_EQ(scrape.Sum("arbstr_fallbacks_total", {{"provider", "beta"}}), 1);
  EXPECT_EQ(scrape.Sum("arbstr_fallbacks_total"), 1);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_total_seconds_count"), 8);
  EXPECT_GE(scrape.Sum("arbstr_upstream_connect_seconds_count"), 2);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_first_byte_seconds_count"), 8);
  EXPECT_EQ(scrape.Sum("arbstr_overhead_seconds_count"), 6);
  EXPECT_EQ(scrape.Sum("arbstr_request_duration_seconds_count", {{"streaming", "true"}}), 2);
  EXPECT_EQ(scrape.Sum("arbstr_request_duration_seconds_count", {{"streaming", "false"}}), 4);
  EXPECT_EQ(scrape.Sum("arbstr_requests_in_flight"), 0);

  std::int64_t input = 0, output = 0;
  double sats = 0;
  for (const Row& row : rows) {
    input += row.input_tokens.value_or(0);
    output += row.output_tokens.value_or(0);
    sats += row.cost_sats.value_or(0);
  }
  EXPECT_GT(input, 0);
  EXPECT_EQ(scrape.Sum("arbstr_tokens_total", {{"direction", "input"}}), input);
  EXPECT_EQ(scrape.Sum("arbstr_tokens_total", {{"direction", "output"}}), output);
  EXPECT_NEAR(scrape.Sum("arbstr_cost_sats_total"), sats, 1e-9);
  EXPECT_EQ(scrape.Sum("arbstr_log_queue_depth"), 0);
}

TEST_F(MetricsRouteTest, EveryResponseIsCountedByItsRouteUnknownOnesTogether) {
  Start(kScenario, {.provider = kModels});
  EXPECT_EQ(Ask(port(), Get("/health")).status, 200);
  EXPECT_EQ(Ask(port(), Get("/v1/models/gpt-4o")).status, 200);
  EXPECT_EQ(Ask(port(), Get("/v1/models/none/such")).status, 404);
  EXPECT_EQ(Ask(port(), Get("/one")).status, 404);
  EXPECT_EQ(Ask(port(), Get("/another?x")).status, 404);
  EXPECT_EQ(Ask(port(), "PUT /health HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n").status, 405);
  EXPECT_EQ(Ask(port(), "nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(Ask(port(), ChatRequest("{}")).status, 400);
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Stream().status, 200);
  const MetricsScrape scrape = Scrape();
  const std::map<MetricLabels, double> expected = {
      {{{"route", "/health"}, {"status", "200"}}, 1},
      {{{"route", "/health"}, {"status", "405"}}, 1},
      {{{"route", "/v1/models/{id}"}, {"status", "200"}}, 1},
      {{{"route", "/v1/models/{id}"}, {"status", "404"}}, 1},
      {{{"route", "unknown"}, {"status", "404"}}, 2},
      {{{"route", "unknown"}, {"status", "400"}}, 1},
      {{{"route", "/v1/chat/completions"}, {"status", "400"}}, 1},
      {{{"route", "/v1/chat/completions"}, {"status", "200"}}, 2},
  };
  EXPECT_EQ(scrape.All("arbstr_http_responses_total"), expected);
  EXPECT_EQ(scrape.Sum("arbstr_requests_total"), 2) << "one that cannot be read has no row";
  EXPECT_EQ(Scrape().Sum("arbstr_http_responses_total", {{"route", "/metrics"}}), 1);
}

TEST_F(MetricsRouteTest, ModelsThatClientsMakeUpAreOneLabel) {
  Start(R"({"providers":[{"name":"listed"},{"name":"any"}]})");
  StopGateway();
  std::string toml = ServerToml();
  for (const auto& provider : mocks().Urls()) {
    toml += "[[providers]]\nname = \"" + provider.name + "\"\nurl = \"" + provider.url + "/v1\"\n" +
            (provider.name == "listed" ? "models = [\"gpt-4o\"]\n" : "");
  }
  StartGatewayWith(toml);
  HttpClient client = Connect();
  for (int i = 0; i < 1000; ++i) {
    const std::string model =
        "made-up-" + std::to_string(i * 7919 % 10007) + std::string(1, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody(model))));
    ASSERT_EQ(client.ReadResponse().status, 200);
  }
  EXPECT_EQ(Chat("gpt-4o").status, 200);
  const MetricsScrape scrape = Scrape();
  EXPECT_EQ(scrape.Values("arbstr_requests_total", "model"), (std::set<std::string>{"gpt-4o", "other"}));
  EXPECT_EQ(scrape.Sum("arbstr_requests_total", {{"model", "other"}}), 1000);
  EXPECT_EQ(scrape.Series("arbstr_requests_total"), 2u);
}

TEST_F(MetricsRouteTest, TheDeadlineAndTheBreakerShow) {
  Start(R"({"providers":[{"name":"slow","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})",
        {.retry = "deadline_ms = 50\nmax_retries = 0\n", .more = "[circuit_breaker]\nfailures = 2\n"});
  EXPECT_EQ(Chat().status, 504);
  EXPECT_EQ(Chat().status, 504);
  EXPECT_EQ(Chat().status, 503);
  const MetricsScrape scrape = Scrape();
  EXPECT_EQ(scrape.Sum("arbstr_deadline_exceeded_total"), 2);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_attempts_total", {{"outcome", "deadline"}}), 2);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_first_byte_seconds_count"), 0) << "no byte came";
  EXPECT_EQ(scrape.Sum("arbstr_breaker_state", {{"provider", "slow"}, {"state", "open"}}), 1);
  EXPECT_EQ(scrape.Sum("arbstr_breaker_state"), 1);
  EXPECT_EQ(scrape.Sum("arbstr_requests_total", {{"provider", "none"}, {"status", "503"}}), 1);
}

TEST_F(MetricsRouteTest, WaitsForAProviderAreNoOverhead) {
  Start(R"({"rules":[{"script":[{"error":503},{"delay_ms":300}]}]})", {.retry = "backoff_ms = [200]\n"});
  EXPECT_EQ(Chat().status, 200);
  const MetricsScrape scrape = Scrape();
  const double whole = scrape.Sum("arbstr_request_duration_seconds_sum");
  EXPECT_GE(whole, 0.49) << "a wait of 200 ms and an answer that took 300 ms";
  EXPECT_LE(scrape.Sum("arbstr_overhead_seconds_sum"), whole - 0.49);
  EXPECT_GT(scrape.Sum("arbstr_overhead_seconds_sum"), 0);
}

TEST_F(MetricsRouteTest, WhatIsInFlightIsSeenAndAClientThatLeavesIsCountedAs499) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"before_headers"}}]}]})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  EXPECT_EQ(Scrape().Sum("arbstr_requests_in_flight"), 1);
  EXPECT_EQ(Scrape().Sum("arbstr_connections"), 2);
  client.Reset();
  const MetricsScrape scrape = WaitForMetric(port(), "arbstr_requests_total", {{"status", "499"}}, 1);
  EXPECT_EQ(scrape.Sum("arbstr_requests_total", {{"status", "499"}}), 1);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_attempts_total", {{"outcome", "client_gone"}}), 1);
  EXPECT_EQ(scrape.Sum("arbstr_http_responses_total", {{"route", "/v1/chat/completions"}}), 0);
  EXPECT_EQ(Scrape().Sum("arbstr_requests_in_flight"), 0);
}

TEST_F(MetricsRouteTest, TheTokenIsNeededAndOtherMethodsAreAsOnEveryRoute) {
  Start(R"({})", {.server = "auth_token = \"a-token\"\n"});
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/metrics")), 401, "invalid_api_key"));
  const MetricsScrape scrape = MetricsScrape::Of(port(), "a-token");
  EXPECT_EQ(scrape.Sum("arbstr_http_responses_total", {{"route", "/metrics"}, {"status", "401"}}), 1);
  const std::string token = "Authorization: Bearer a-token\r\n";
  const Response head = Ask(port(), "HEAD /metrics HTTP/1.1\r\nHost: g\r\n" + token + "\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.Header("content-length"), "0");
  const Response refused = Ask(port(), "DELETE /metrics HTTP/1.1\r\nHost: g\r\n" + token + "\r\n");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.Header("allow"), "GET, HEAD");
}

}  // namespace
}  // namespace integration_tests
