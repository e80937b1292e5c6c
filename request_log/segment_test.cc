#include "request_log/segment.h"

#include <gtest/gtest.h>

#include <map>

namespace arbstr::request_log {
namespace {

RowFacts Row(std::int64_t id, const std::string& model, std::optional<std::string> provider = "alpha") {
  RowFacts row;
  row.key.model = model;
  row.key.provider = std::move(provider);
  row.id = id;
  row.timestamp = 1000 - id;
  row.latency_ms = 10 * id;
  row.input_tokens = id;
  row.output_tokens = 2 * id;
  return row;
}

const Segment& Only(const std::vector<Segment>& segments) {
  EXPECT_EQ(segments.size(), 1u);
  return segments.front();
}

TEST(SegmentTest, RowsAreGroupedByWhatCanBeFiltered) {
  std::vector<RowFacts> rows = {Row(1, "a"), Row(2, "b"), Row(3, "a"), Row(4, "a", std::nullopt),
                                Row(5, "a"), Row(6, "a"), Row(7, "a")};
  rows[4].key.streaming = true;
  rows[5].key.success = true;
  std::map<std::int64_t, std::size_t> sizes;
  for (const Segment& segment : MakeSegments(rows)) {
    sizes[segment.columns.ids.front()] = segment.columns.ids.size();
    EXPECT_EQ(static_cast<std::size_t>(segment.sums.rows), segment.columns.costs.size());
  }
  EXPECT_EQ(sizes, (std::map<std::int64_t, std::size_t>{{1, 3}, {2, 1}, {4, 1}, {5, 1}, {6, 1}}));
}

TEST(SegmentTest, SumsAndColumnsAreThoseOfTheRows) {
  std::vector<RowFacts> rows = {Row(1, "a"), Row(3, "a"), Row(8, "a")};
  rows[0].cost_sats = 1.5;
  rows[2].cost_sats = 2;
  const std::vector<Segment> segments = MakeSegments(rows);
  const SegmentSums& sums = Only(segments).sums;
  EXPECT_EQ(sums.rows, 3);
  EXPECT_EQ(sums.first_timestamp, 992);
  EXPECT_EQ(sums.last_timestamp, 999);
  EXPECT_EQ(sums.input_tokens, 12);
  EXPECT_EQ(sums.output_tokens, 24);
  EXPECT_EQ(sums.cost_sats, 3.5);
  EXPECT_EQ(segments[0].columns.ids, (std::vector<std::int64_t>{1, 3, 8}));
  EXPECT_EQ(segments[0].columns.latencies, (std::vector<std::int64_t>{10, 30, 80}));
}

TEST(SegmentTest, RowsThatAreTakenOutLeaveTheOthersSums) {
  const std::vector<Segment> segments = MakeSegments({Row(1, "a"), Row(2, "a"), Row(3, "a"), Row(4, "a")});
  const Segment rest = WithoutRows(segments[0], {0, 2});
  EXPECT_EQ(rest.columns.ids, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(rest.sums.rows, 2);
  EXPECT_EQ(rest.sums.input_tokens, 6);
  EXPECT_EQ(rest.sums.first_timestamp, 996);
  EXPECT_EQ(rest.key, segments[0].key);
  EXPECT_EQ(WithoutRows(segments[0], {0, 1, 2, 3}).sums.rows, 0);
}

TEST(SegmentTest, ASumStaysAtTheEndOfItsRange) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(SaturatingSum(kMax, 1), kMax);
  EXPECT_EQ(SaturatingSum(kMin, -1), kMin);
  EXPECT_EQ(SaturatingSum(kMax, kMin), -1);
}

}  // namespace
}  // namespace arbstr::request_log
