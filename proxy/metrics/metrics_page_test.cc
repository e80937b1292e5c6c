#include "proxy/metrics/metrics_page.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

class MetricsPageTest : public ::testing::Test {
 protected:
  ::testing::AssertionResult Has(const std::string& line) {
    const std::string page = "\n" + MetricsPage(metrics_.Totals(), log_, moment_, process_);
    if (page.find("\n" + line + "\n") != std::string::npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "no line " << line << " in" << page;
  }

  Metrics metrics_;
  LoopMetrics& loop_ = metrics_.AddLoop();
  LogMetrics log_;
  GaugeSnapshot moment_;
  ProcessMetrics process_;
};

TEST_F(MetricsPageTest, RequestsAndResponsesAreCountedByTheirLabels) {
  loop_.requests.At({"alpha", "gpt-4o", 200, true}).Add(5);
  loop_.requests.At({kNoProvider, kOtherModel, 400, false}).Add();
  loop_.responses.At({"/v1/models/{id}", 404}).Add(2);
  EXPECT_TRUE(
      Has(R"(arbstr_requests_total{provider="alpha",model="gpt-4o",status="200",streaming="true"} 5)"));
  EXPECT_TRUE(
      Has(R"(arbstr_requests_total{provider="none",model="other",status="400",streaming="false"} 1)"));
  EXPECT_TRUE(Has(R"(arbstr_http_responses_total{route="/v1/models/{id}",status="404"} 2)"));
}

TEST_F(MetricsPageTest, AnAttemptIsCountedUnderTheNameOfItsEnd) {
  const std::vector<std::pair<AttemptEnd, std::string>> names = {
      {AttemptEnd::kAnswered, "answered"},      {AttemptEnd::kFinal, "final"},
      {AttemptEnd::kRetryable, "retryable"},    {AttemptEnd::kNextProvider, "next_provider"},
      {AttemptEnd::kDeadline, "deadline"},      {AttemptEnd::kBrokenStream, "broken_stream"},
      {AttemptEnd::kClientGone, "client_gone"}, {AttemptEnd::kGatewayLimit, "gateway_limit"}};
  ASSERT_EQ(names.size(), kAttemptEnds);
  std::uint64_t count = 0;
  for (const auto& [end, name] : names) {
    loop_.providers.At("a").attempts[static_cast<std::size_t>(end)].Add(++count);
    EXPECT_TRUE(Has("arbstr_upstream_attempts_total{provider=\"a\",outcome=\"" + name + "\"} " +
                    std::to_string(count)));
  }
}

TEST_F(MetricsPageTest, AProviderIsThereBeforeItIsAskedAndAfterItIsConfiguredNoMore) {
  moment_.breakers = {{"new", "half_open"}};
  loop_.providers.At("old").retries.Add();
  EXPECT_TRUE(Has(R"(arbstr_retries_total{provider="new"} 0)"));
  EXPECT_TRUE(Has(R"(arbstr_retries_total{provider="old"} 1)"));
  EXPECT_TRUE(Has(R"(arbstr_upstream_total_seconds_count{provider="new"} 0)"));
  EXPECT_TRUE(Has(R"(arbstr_breaker_state{provider="new",state="half_open"} 1)"));
  EXPECT_TRUE(Has(R"(arbstr_breaker_state{provider="new",state="closed"} 0)"));
  EXPECT_TRUE(Has(R"(arbstr_breaker_state{provider="new",state="open"} 0)"));
}

TEST_F(MetricsPageTest, TheHealthIsOneOfFour) {
  moment_.health = "unhealthy";
  EXPECT_TRUE(Has(R"(arbstr_health{status="ok"} 0)"));
  EXPECT_TRUE(Has(R"(arbstr_health{status="degraded"} 0)"));
  EXPECT_TRUE(Has(R"(arbstr_health{status="unhealthy"} 1)"));
  EXPECT_TRUE(Has(R"(arbstr_health{status="draining"} 0)"));
}

TEST_F(MetricsPageTest, TheLogSaysHowItIs) {
  log_.committed_rows.Add(12);
  log_.failed_writes.Add(3);
  log_.commit.Observe(std::chrono::milliseconds(2));
  moment_.log_queue_depth = 4;
  moment_.log_queue_capacity = 70;
  moment_.log_writable = false;
  moment_.connections = 9;
  for (const char* line : {"arbstr_log_rows_committed_total 12", "arbstr_log_write_failures_total 3",
                           "arbstr_log_commit_seconds_count 1", "arbstr_log_commit_seconds_sum 0.002",
                           "arbstr_log_queue_depth 4", "arbstr_log_queue_capacity 70",
                           "arbstr_log_writable 0", "arbstr_connections 9"}) {
    EXPECT_TRUE(Has(line));
  }
}

TEST_F(MetricsPageTest, TokensAndSatsAreSummedByProvider) {
  loop_.providers.At("a").input_tokens.Add(100);
  loop_.providers.At("a").output_tokens.Add(50);
  loop_.providers.At("a").cost_sats.Add(1.25);
  EXPECT_TRUE(Has(R"(arbstr_tokens_total{provider="a",direction="input"} 100)"));
  EXPECT_TRUE(Has(R"(arbstr_tokens_total{provider="a",direction="output"} 50)"));
  EXPECT_TRUE(Has(R"(arbstr_cost_sats_total{provider="a"} 1.25)"));
}

}  // namespace
}  // namespace arbstr::proxy
