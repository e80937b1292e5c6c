// GET /v1/stats: sums over the log that agree with its rows, and rows that go when their time is over.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

constexpr const char* kScenario = R"({"seed":3,"providers":[
  {"name":"alpha","rules":[{"match":{"model":"dear"},"script":[{"error":503}]},
                           {"probability":0.3,"script":[{"error":"rate_limit"}]}]},
  {"name":"beta"}]})";

class StatsRouteTest : public GatewayTest {
 protected:
  Json Stats(const std::string& query = "") {
    const Response response = Ask(port(), Get("/v1/stats" + query));
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body, nullptr, false);
  }
};

Json Counts(const std::vector<Row>& rows) {
  int success = 0, streaming = 0;
  for (const Row& row : rows) {
    success += static_cast<int>(row.success);
    streaming += static_cast<int>(row.streaming);
  }
  const int total = static_cast<int>(rows.size());
  return {{"total", total}, {"success", success}, {"error", total - success}, {"streaming", streaming}};
}

void ExpectSumsOf(const std::vector<Row>& rows, const Json& stats) {
  std::int64_t input = 0, output = 0;
  double cost = 0, latency = 0;
  std::vector<std::int64_t> latencies;
  for (const Row& row : rows) {
    input += row.input_tokens.value_or(0);
    output += row.output_tokens.value_or(0);
    cost += row.cost_sats.value_or(0);
    latency += static_cast<double>(row.latency_ms);
    latencies.push_back(row.latency_ms);
  }
  std::ranges::sort(latencies);
  const auto percentile = [&](std::size_t p) { return latencies.at((latencies.size() * p + 99) / 100 - 1); };
  EXPECT_EQ(stats["counts"], Counts(rows));
  EXPECT_EQ(stats["costs"]["total_input_tokens"], input);
  EXPECT_EQ(stats["costs"]["total_output_tokens"], output);
  EXPECT_NEAR(stats["costs"]["total_cost_sats"].get<double>(), cost, 1e-6);
  EXPECT_NEAR(stats["performance"]["avg_latency_ms"].get<double>(),
              latency / static_cast<double>(rows.size()), 1e-6);
  EXPECT_EQ(stats["performance"]["p50_latency_ms"], percentile(50));
  EXPECT_EQ(stats["performance"]["p95_latency_ms"], percentile(95));
  EXPECT_EQ(stats["performance"]["p99_latency_ms"], percentile(99));
}

TEST_F(StatsRouteTest, SumsAreThoseOfTheRowsAsAWholeAndByGroup) {
  Start(kScenario, {.retry = "max_retries = 0\n"});
  constexpr std::size_t kRequests = 60;
  for (std::size_t i = 0; i < kRequests; ++i) {
    const std::string model = i % 3 == 0 ? "dear" : "gpt-4o";
    (void)(i % 4 == 0 ? Stream(model) : Chat(model));
  }
  const std::vector<Row> rows = Rows(kRequests);
  ASSERT_EQ(rows.size(), kRequests);
  ExpectSumsOf(rows, Stats());
  const Json models = Stats("?group_by=model")["models"];
  ASSERT_EQ(models.size(), 2u);
  for (const Json& group : models) {
    std::vector<Row> of_model;
    std::ranges::copy_if(rows, std::back_inserter(of_model),
                         [&](const Row& row) { return row.model == group["model"]; });
    ExpectSumsOf(of_model, group);
  }
  const Json providers = Stats("?group_by=provider")["providers"];
  ASSERT_EQ(providers.size(), 2u);
  for (const Json& group : providers) {
    std::vector<Row> of_provider;
    std::ranges::copy_if(rows, std::back_inserter(of_provider),
                         [&](const Row& row) { return row.provider == group["provider"]; });
    ExpectSumsOf(of_provider, group);
    ExpectSumsOf(of_provider, Stats("?provider=" + group["provider"].get<std::string>()));
  }
}

TEST_F(StatsRouteTest, WithoutRowsThereIsNothingToAverage) {
  Start(R"({})");
  const Json stats = Stats("?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00.5Z&group_by=model");
  EXPECT_EQ(stats["since"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(stats["until"], "2026-01-02T00:00:00.500Z");
  EXPECT_EQ(stats["counts"], Counts({}));
  EXPECT_EQ(stats["performance"]["avg_latency_ms"], nullptr);
  EXPECT_EQ(stats["models"], Json::array());
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/v1/stats?page=1")), 400, "invalid_parameter"));
}

TEST_F(StatsRouteTest, TheTokenIsAskedForHereToo) {
  Start(R"({})", {.server = "auth_token = \"a-secret-token\"\n"});
  for (const char* path : {"/v1/stats", "/v1/requests"}) {
    EXPECT_EQ(Ask(port(), Get(path)).status, 401);
    EXPECT_EQ(Ask(port(), Get(path, {{"Authorization", "Bearer a-secret-token"}})).status, 200);
  }
}

TEST_F(StatsRouteTest, RowsBeyondTheirRetentionAreDeletedWhenTheGatewayStartsAndTheOthersStay) {
  Start(R"({})");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Chat().status, 200);
  StopGateway();
  ASSERT_EQ(ReadRows(database()).size(), 3u);
  RowsMayDiffer();
  RunSql(database(), "UPDATE requests SET timestamp = '2020-01-01T00:00:00.000Z' WHERE id < 3");
  StartGateway({.database = "retention_days = 30\n"});
  EXPECT_TRUE(WaitForRowsToGo(database(), 1));
  const Json stats = Stats("?since=2019-01-01T00:00:00Z");
  EXPECT_EQ(stats["counts"]["total"], 1);
}

}  // namespace
}  // namespace integration_tests
