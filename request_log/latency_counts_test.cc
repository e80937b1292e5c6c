#include "request_log/latency_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

namespace arbstr::request_log {
namespace {

using Values = std::vector<std::int64_t>;

LatencyCounts Of(const Values& values) {
  LatencyCounts counts;
  for (const std::int64_t value : values) counts.Add(value);
  return counts;
}

// The value of rank ceil(p/100 · n), counted from 1.
std::int64_t Naive(Values values, int percentage) {
  std::ranges::sort(values);
  const std::size_t rank = (values.size() * static_cast<std::size_t>(percentage) + 99) / 100;
  return values[rank - 1];
}

TEST(LatencyCountsTest, OfNothingThereIsNoMeanAndNoPercentile) {
  EXPECT_FALSE(LatencyCounts().Mean());
  for (const auto& percentile : LatencyCounts().Percentiles({50, 99})) EXPECT_FALSE(percentile);
}

TEST(LatencyCountsTest, PercentilesAreValuesThatOccur) {
  const LatencyCounts counts = Of({10, 20, 30, 40});
  const auto found = counts.Percentiles({25, 50, 51, 75, 95, 100});
  const std::int64_t expected[] = {10, 20, 30, 30, 40, 40};
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], expected[i]) << i;
  EXPECT_EQ(counts.Mean(), 25.0);
  EXPECT_EQ(Of({7}).Percentiles({50, 99})[1], 7);
}

TEST(LatencyCountsTest, FewAndManyRandomValuesHaveTheirExactPercentiles) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const std::size_t size : {1, 2, 99, 100, 101, 4095, 4096, 4097, 50'000}) {
    Values values(size), more(random() % 10'000);
    for (Values* some : {&values, &more}) {
      for (std::int64_t& value : *some) {
        value = static_cast<std::int64_t>(random() >> (40 + random() % 24)) - (random() % 50 == 0 ? 100 : 0);
      }
    }
    LatencyCounts counts = Of(values);
    counts.Add(Of(more));
    values.insert(values.end(), more.begin(), more.end());
    EXPECT_EQ(counts.size(), values.size());
    const std::vector<int> percentages = {1, 50, 95, 99, 100};
    const auto found = counts.Percentiles(percentages);
    for (std::size_t i = 0; i < percentages.size(); ++i) {
      EXPECT_EQ(found[i], Naive(values, percentages[i])) << size << " values, p" << percentages[i];
    }
    double sum = 0;
    for (const std::int64_t value : values) sum += static_cast<double>(value);
    EXPECT_NEAR(*counts.Mean(), sum / static_cast<double>(values.size()), 1e-6);
  }
}

}  // namespace
}  // namespace arbstr::request_log
