#include "request_log/growing_segments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

std::vector<std::int64_t> Ids(const GrowingSegments::Group& group) {
  std::vector<std::int64_t> ids;
  for (const auto& [key, segment] : group.segments) {
    EXPECT_EQ(key, segment.key);
    ids.insert(ids.end(), segment.columns.ids.begin(), segment.columns.ids.end());
  }
  std::ranges::sort(ids);
  return ids;
}

TEST(GrowingSegmentsTest, RowsOfSeveralBatchesFormGroupsOfConsecutiveIds) {
  GrowingSegments growing(100);
  RandomRows random(1, At(0), At(1000));
  EXPECT_TRUE(growing.empty());
  growing.Add(random.Next(70), 11);
  growing.Add(random.Next(150), 81);
  for (const std::int64_t first : {11, 111, 211}) {
    ASSERT_FALSE(growing.empty());
    EXPECT_EQ(growing.first_id(), first);
    EXPECT_EQ(growing.front().rows, first == 211 ? 20 : 100);
    const std::vector<std::int64_t> ids = Ids(growing.front());
    ASSERT_EQ(std::ssize(ids), growing.front().rows);
    EXPECT_EQ(ids.front(), first);
    EXPECT_EQ(ids.back(), growing.front().last_id());
    growing.PopFront();
  }
  EXPECT_TRUE(growing.empty());
}

TEST(GrowingSegmentsTest, TheyAreThoseThatTheRowsWouldMakeOnceReadBack) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomRows random(seed, At(-5'000'000), At(5'000'000));
  GrowingSegments growing(1'000);
  std::vector<RowFacts> facts;
  for (std::int64_t id = 1; id <= 500;) {
    const std::vector<Record> rows = random.Next(static_cast<std::size_t>(1 + random.Below(20)));
    growing.Add(rows, id);
    for (const Record& row : rows) {
      RowFacts fact{{row.model, row.provider, row.streaming, row.success}, id++};
      fact.timestamp = row.timestamp.time_since_epoch() / std::chrono::milliseconds(1);
      fact.latency_ms = row.latency_ms;
      fact.input_tokens = row.input_tokens.value_or(0);
      fact.output_tokens = row.output_tokens.value_or(0);
      if (row.cost_sats) fact.cost_sats = *row.cost_sats;
      facts.push_back(fact);
    }
  }
  const std::vector<Segment> expected = MakeSegments(facts);
  ASSERT_EQ(growing.front().segments.size(), expected.size());
  auto found = growing.front().segments.begin();
  for (const Segment& segment : expected) {
    EXPECT_EQ(found->second.key, segment.key);
    EXPECT_EQ(found->second.sums.rows, segment.sums.rows);
    EXPECT_EQ(found->second.sums.first_timestamp, segment.sums.first_timestamp);
    EXPECT_EQ(found->second.sums.last_timestamp, segment.sums.last_timestamp);
    EXPECT_EQ(found->second.sums.cost_sats, segment.sums.cost_sats);
    EXPECT_EQ(found->second.columns.ids, segment.columns.ids);
    EXPECT_EQ(found->second.columns.timestamps, segment.columns.timestamps);
    EXPECT_EQ(found->second.columns.latencies, segment.columns.latencies);
    EXPECT_EQ(found->second.columns.input_tokens, segment.columns.input_tokens);
    EXPECT_EQ(found->second.columns.output_tokens, segment.columns.output_tokens);
    ++found;
  }
}

TEST(GrowingSegmentsTest, ATimeBetweenMillisecondsIsRoundedDownAsItIsStored) {
  GrowingSegments growing(10);
  Record row;
  row.timestamp = std::chrono::system_clock::time_point(std::chrono::microseconds(-1));
  growing.Add(std::vector<Record>{row}, 1);
  EXPECT_EQ(growing.front().segments.begin()->second.columns.timestamps, std::vector<std::int64_t>{-1});
}

TEST(GrowingSegmentsTest, IdsThatDoNotContinueForgetWhatWasBefore) {
  GrowingSegments growing(10);
  RandomRows random(1, At(0), At(1000));
  growing.Add(random.Next(5), 1);
  growing.Add(random.Next(5), 7);
  EXPECT_EQ(Ids(growing.front()), (std::vector<std::int64_t>{7, 8, 9, 10, 11}));
}

TEST(GrowingSegmentsTest, GroupsThatNobodyTakesAreForgottenInsteadOfFillingTheMemory) {
  GrowingSegments growing(10);
  RandomRows random(1, At(0), At(1000));
  for (std::int64_t id = 1; id < 10'000; id += 10) growing.Add(random.Next(10), id);
  EXPECT_GT(growing.first_id(), 9'000);
}

}  // namespace
}  // namespace arbstr::request_log
