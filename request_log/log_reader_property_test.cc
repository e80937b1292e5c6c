// Whatever is asked of a log of random rows, the answer is that of a plain computation over all of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

constexpr std::int64_t kSpan = 100'000;

std::vector<LoggedRequest> Filtered(const std::vector<Record>& rows, const RowFilter& filter) {
  std::vector<LoggedRequest> fit;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Record& row = rows[i];
    if (row.timestamp < filter.since || row.timestamp >= filter.until) continue;
    if (filter.model && row.model != *filter.model) continue;
    if (filter.provider && row.provider != filter.provider) continue;
    if (filter.streaming && row.streaming != *filter.streaming) continue;
    if (filter.success && row.success != *filter.success) continue;
    fit.push_back({static_cast<std::int64_t>(i) + 1, row});
  }
  return fit;
}

std::optional<std::int64_t> Percentile(const std::vector<std::int64_t>& sorted, std::size_t percentage) {
  if (sorted.empty()) return std::nullopt;
  return sorted[(sorted.size() * percentage + 99) / 100 - 1];
}

Totals NaiveTotals(const std::vector<LoggedRequest>& rows) {
  Totals totals;
  std::vector<std::int64_t> latencies;
  double sum = 0;
  for (const auto& [id, row] : rows) {
    ++totals.total;
    totals.success += row.success;
    totals.streaming += row.streaming;
    totals.input_tokens += row.input_tokens.value_or(0);
    totals.output_tokens += row.output_tokens.value_or(0);
    totals.cost_sats += row.cost_sats.value_or(0);
    latencies.push_back(row.latency_ms);
    sum += static_cast<double>(row.latency_ms);
  }
  std::ranges::sort(latencies);
  if (totals.total > 0) totals.avg_latency_ms = sum / static_cast<double>(totals.total);
  totals.p50_latency_ms = Percentile(latencies, 50);
  totals.p95_latency_ms = Percentile(latencies, 95);
  totals.p99_latency_ms = Percentile(latencies, 99);
  return totals;
}

void ExpectSame(const Totals& found, const Totals& expected) {
  EXPECT_EQ(found.total, expected.total);
  EXPECT_EQ(found.success, expected.success);
  EXPECT_EQ(found.streaming, expected.streaming);
  EXPECT_EQ(found.input_tokens, expected.input_tokens);
  EXPECT_EQ(found.output_tokens, expected.output_tokens);
  EXPECT_EQ(found.cost_sats, expected.cost_sats);
  EXPECT_EQ(found.avg_latency_ms.has_value(), expected.avg_latency_ms.has_value());
  EXPECT_NEAR(found.avg_latency_ms.value_or(0), expected.avg_latency_ms.value_or(0), 1e-9);
  EXPECT_EQ(found.p50_latency_ms, expected.p50_latency_ms);
  EXPECT_EQ(found.p95_latency_ms, expected.p95_latency_ms);
  EXPECT_EQ(found.p99_latency_ms, expected.p99_latency_ms);
}

bool ComesFirst(const LoggedRequest& a, const LoggedRequest& b, const PageQuery& query) {
  const auto number = [&](const LoggedRequest& row) {
    return query.sort == SortBy::kCostSats    ? row.record.cost_sats.value_or(0)
           : query.sort == SortBy::kLatencyMs ? static_cast<double>(row.record.latency_ms)
                                              : 0.0;
  };
  if (query.sort == SortBy::kCostSats && a.record.cost_sats.has_value() != b.record.cost_sats.has_value()) {
    return a.record.cost_sats.has_value();
  }
  const auto of_a = std::tuple(number(a), a.record.timestamp, a.id);
  const auto of_b = std::tuple(number(b), b.record.timestamp, b.id);
  return query.descending ? of_b < of_a : of_a < of_b;
}

class LogReaderPropertyTest : public testing::Test {
 protected:
  RowFilter RandomFilter() {
    RowFilter filter{At(-1), At(kSpan + 1), {}, {}, {}, {}};
    if (random_->Below(3) > 0) {
      filter.since = At(random_->Below(kSpan));
      filter.until = filter.since + std::chrono::milliseconds(1 + random_->Below(kSpan));
    }
    if (random_->Below(3) == 0) filter.model = "model-" + std::to_string(random_->Below(5));
    if (random_->Below(3) == 0) filter.provider = "provider-" + std::to_string(random_->Below(4));
    if (random_->Below(3) == 0) filter.streaming = random_->Below(2) == 0;
    if (random_->Below(3) == 0) filter.success = random_->Below(2) == 0;
    return filter;
  }

  void CheckPage() {
    PageQuery query;
    query.filter = RandomFilter();
    query.sort = static_cast<SortBy>(random_->Below(3));
    query.descending = random_->Below(2) == 0;
    query.per_page = 1 + static_cast<int>(random_->Below(100));
    std::vector<LoggedRequest> expected = Filtered(rows_, query.filter);
    const auto pages = static_cast<std::int64_t>(expected.size()) / query.per_page + 2;
    query.page = 1 + random_->Below(pages);
    const absl::StatusOr<Page> page = reader_->ReadPage(query, NeverStopped);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->total, static_cast<std::int64_t>(expected.size()));
    std::ranges::sort(expected, [&](const auto& a, const auto& b) { return ComesFirst(a, b, query); });
    const auto first = static_cast<std::size_t>((query.page - 1) * query.per_page);
    std::vector<std::int64_t> found_ids, expected_ids;
    for (const LoggedRequest& row : page->rows) found_ids.push_back(row.id);
    for (std::size_t i = first; i < expected.size() && i < first + static_cast<std::size_t>(query.per_page);
         ++i) {
      expected_ids.push_back(expected[i].id);
    }
    EXPECT_EQ(found_ids, expected_ids);
    for (const LoggedRequest& row : page->rows) {
      EXPECT_EQ(row.record.correlation_id, rows_[static_cast<std::size_t>(row.id) - 1].correlation_id);
    }
  }

  void CheckStats() {
    const StatsQuery query{RandomFilter(), static_cast<GroupBy>(random_->Below(3))};
    const absl::StatusOr<Stats> stats = reader_->ReadStats(query, NeverStopped);
    ASSERT_TRUE(stats.ok()) << stats.status();
    const std::vector<LoggedRequest> expected = Filtered(rows_, query.filter);
    ExpectSame(stats->all, NaiveTotals(expected));
    std::map<std::optional<std::string>, std::vector<LoggedRequest>> groups;
    if (query.group_by != GroupBy::kNothing) {
      for (const LoggedRequest& row : expected) {
        groups[query.group_by == GroupBy::kModel ? row.record.model : row.record.provider].push_back(row);
      }
    }
    EXPECT_EQ(stats->groups.size(), groups.size());
    for (const GroupTotals& group : stats->groups) ExpectSame(group.totals, NaiveTotals(groups[group.name]));
    EXPECT_TRUE(std::ranges::is_sorted(stats->groups, std::greater(),
                                       [](const GroupTotals& group) { return group.totals.total; }));
  }

  std::vector<Record> rows_;  // in order of id, from 1
  std::unique_ptr<RandomRows> random_;
  std::unique_ptr<LogReader> reader_;
};

TEST_F(LogReaderPropertyTest, EveryAnswerIsThatOfAPlainComputation) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  random_ = std::make_unique<RandomRows>(seed, At(0), At(kSpan));
  for (int round = 0; round < 12; ++round) {
    TemporaryDatabase database;
    const SqliteUpkeepOptions upkeep{.rows_rolled_up = 1 + random_->Below(400)};
    auto sink = OpenSqlite(database.path(), SqliteDurability::kGroup, upkeep);
    ASSERT_TRUE(sink.ok()) << sink.status();
    auto reader = LogReader::Open(database.path());
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader_ = *std::move(reader);
    rows_.clear();
    for (int step = 0; step < 6; ++step) {
      const std::vector<Record> more = random_->Next(static_cast<std::size_t>(random_->Below(300)));
      ASSERT_TRUE((*sink)->Write(more).ok());
      rows_.insert(rows_.end(), more.begin(), more.end());
      if (random_->Below(2) == 0) MaintainAll(**sink, At(kSpan));
      for (int query = 0; query < 12; ++query) {
        CheckPage();
        CheckStats();
        if (HasFailure()) FAIL() << "round " << round << ", step " << step << ", query " << query;
      }
    }
    reader_.reset();
  }
}

}  // namespace
}  // namespace arbstr::request_log
