// What clients saw, what the rows say and what /metrics counts is one and the same, to the unit: under chaos,
// and when the gateway is ended in the middle of it.
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "integration_tests/chaos_load.h"
#include "integration_tests/gateway_test.h"
#include "integration_tests/metrics_scrape.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kRequests = 1'920;  // a multiple of the clients
#else
constexpr std::size_t kRequests = 20'000;
#endif
constexpr int kClients = 32;
constexpr const char* kRetry = "backoff_ms = [1, 2]\ndeadline_ms = 1000\n";

class EqualityTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    seed_ = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed_));
    std::cout << "seed " << seed_ << std::endl;
    Start(kChaosScenario, {.retry = kRetry, .provider = kChaosModels});
  }
  unsigned seed_ = 0;
};

MetricLabels LabelsOf(const Row& row) {
  const bool listed = row.model == "gpt-4o" || row.model == "hang";
  return {{"provider", row.provider.value_or("none")},
          {"model", listed ? row.model : "other"},
          {"status", row.success ? "200" : std::to_string(row.error_status.value_or(-1))},
          {"streaming", row.streaming ? "true" : "false"}};
}

// Every answer has its row, which says what the client saw.
void ExpectRowsOfAnswers(const std::vector<Row>& rows, const ChaosSeen& seen) {
  std::size_t answered = 0;
  for (const Row& row : rows) {
    const auto found = seen.answers.find(row.correlation_id);
    if (found == seen.answers.end()) continue;
    ++answered;
    const auto& answer = found->second;
    EXPECT_EQ(row.streaming, answer.streaming) << row.correlation_id;
    const bool whole = answer.status == 200 && answer.complete;
    EXPECT_EQ(row.success, whole) << row.correlation_id;
    EXPECT_EQ(row.error_status.has_value(), !whole) << row.correlation_id;
    EXPECT_EQ(row.provider.value_or(""), answer.provider) << row.correlation_id;
    EXPECT_EQ(row.attempt_log.has_value(), row.retries.has_value()) << row.correlation_id;
    if (row.attempt_log) {
      const Json log = Json::parse(*row.attempt_log, nullptr, false);
      EXPECT_EQ(log.size(), static_cast<std::size_t>(row.attempts)) << row.correlation_id;
    }
    // A stream's head was sent before it broke; its row counts that attempt too.
    if (whole || answer.status != 200) {
      EXPECT_EQ(row.retries.value_or(""), answer.retries) << row.correlation_id;
    }
    if (answer.status == 200) continue;
    EXPECT_EQ(row.error_status, answer.status) << row.correlation_id;
  }
  EXPECT_EQ(answered, seen.answers.size());
}

TEST_F(EqualityTest, RowsRequestsAndMetricsAreEqualAfterChaos) {
  const ChaosSeen seen = ChaosLoad(port(), seed_, kClients, kRequests).Run();
  EXPECT_EQ(seen.readable + seen.unreadable, kRequests);
  EXPECT_EQ(seen.unanswered, 0u);
  EXPECT_EQ(seen.answers.size() + seen.left, seen.readable);
  // Those whose client left may end a little later.
  WaitForMetric(port(), "arbstr_log_rows_committed_total", {}, static_cast<double>(seen.readable));
  const MetricsScrape scrape = MetricsScrape::Of(port());
  StopGateway();
  const std::vector<Row> rows = ReadRows(database());
  ASSERT_EQ(rows.size(), seen.readable);
  ExpectRowsOfAnswers(rows, seen);

  std::map<MetricLabels, double> by_labels;
  std::int64_t input = 0, output = 0, attempts = 0;
  double sats = 0;
  std::map<std::string, double> sats_by_provider;
  for (const Row& row : rows) {
    by_labels[LabelsOf(row)] += 1;
    input += row.input_tokens.value_or(0);
    output += row.output_tokens.value_or(0);
    attempts += row.attempts;
    sats += row.cost_sats.value_or(0);
    sats_by_provider[row.provider.value_or("none")] += row.cost_sats.value_or(0);
  }
  EXPECT_EQ(scrape.All("arbstr_requests_total"), by_labels);
  EXPECT_EQ(scrape.Sum("arbstr_tokens_total", {{"direction", "input"}}), input);
  EXPECT_EQ(scrape.Sum("arbstr_tokens_total", {{"direction", "output"}}), output);
  EXPECT_GT(sats, 0);
  // Sums of the same numbers in another order; a cost has two decimals here.
  EXPECT_NEAR(scrape.Sum("arbstr_cost_sats_total"), sats, 1e-4);
  for (const auto& [provider, sum] : sats_by_provider) {
    EXPECT_NEAR(scrape.Sum("arbstr_cost_sats_total", {{"provider", provider}}), sum, 1e-4) << provider;
  }
  EXPECT_EQ(scrape.Sum("arbstr_upstream_attempts_total"), attempts);
  // One that a client's leaving cut may not have arrived; a pooled connection that dies is replaced silently.
  EXPECT_LE(static_cast<std::size_t>(attempts), Journal().size() + seen.left);
  EXPECT_EQ(scrape.Sum("arbstr_upstream_total_seconds_count"), attempts);
  EXPECT_EQ(scrape.Sum("arbstr_overhead_seconds_count"), rows.size());
  EXPECT_EQ(scrape.Sum("arbstr_log_rows_committed_total"), rows.size());
  EXPECT_EQ(scrape.Sum("arbstr_requests_in_flight"), 0);
  EXPECT_EQ(scrape.Sum("arbstr_log_queue_depth"), 0);

  // Of a client that left, an answer may have been on its way.
  std::size_t answered = 0;
  for (const auto& [status, count] : seen.responses) {
    const double counted = scrape.Sum("arbstr_http_responses_total", {{"route", "/v1/chat/completions"},
                                                                      {"status", std::to_string(status)}});
    EXPECT_GE(counted, count) << status;
    EXPECT_LE(counted, count + seen.left) << status;
    answered += count;
  }
  EXPECT_EQ(answered, seen.answers.size() + seen.unreadable);
}

TEST_F(EqualityTest, EndedUnderLoadEveryAnswerHasItsRowAndNoRowIsOfNobody) {
  ChaosLoad load(port(), seed_, kClients, kRequests);
  ChaosSeen seen;
  std::thread running([&] { seen = load.Run(); });
  EXPECT_TRUE(WaitUntil([&] { return load.answered() >= kRequests / 10; }));
  gateway().Signal(SIGTERM);
  EXPECT_EQ(gateway().WaitForExit(), 0) << gateway().StderrText();
  running.join();
  const std::vector<Row> rows = ReadRows(database());
  ExpectRowsOfAnswers(rows, seen);
  // What was sent when the end came may have met a closed socket, and then is no request.
  EXPECT_GE(rows.size(), seen.answers.size());
  EXPECT_LE(rows.size(), seen.readable);
  EXPECT_LE(seen.readable - rows.size(), static_cast<std::size_t>(kClients) * 4);
}

}  // namespace
}  // namespace integration_tests
