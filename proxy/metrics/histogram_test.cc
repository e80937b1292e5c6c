#include "proxy/metrics/histogram.h"

#include <gtest/gtest.h>

#include <numeric>

namespace arbstr::proxy {
namespace {

using std::chrono::duration;

constexpr std::array<double, 3> kBounds = {0.001, 0.01, 0.1};

HistogramTotals TotalsOf(const Histogram& histogram) {
  HistogramTotals totals;
  histogram.AddTo(totals);
  return totals;
}

TEST(HistogramTest, ABoundBelongsToTheBucketThatItEnds) {
  Histogram histogram(kBounds);
  for (const double seconds : {0.0005, 0.001, 0.0011, 0.01, 0.1, 0.11, 9.0}) {
    histogram.Observe(duration<double>(seconds));
  }
  const HistogramTotals totals = TotalsOf(histogram);
  EXPECT_EQ(totals.buckets, (std::vector<std::uint64_t>{2, 2, 1, 2}));
  EXPECT_DOUBLE_EQ(totals.sum, 0.0005 + 0.001 + 0.0011 + 0.01 + 0.1 + 0.11 + 9.0);
}

TEST(HistogramTest, AClockThatWentBackCountsAsNoTimeAtAll) {
  Histogram histogram(kBounds);
  histogram.Observe(duration<double>(-1));
  EXPECT_EQ(TotalsOf(histogram).buckets.front(), 1u);
  EXPECT_EQ(TotalsOf(histogram).sum, 0);
}

TEST(HistogramTest, HistogramsOfOneMeaningAreAddedUp) {
  Histogram one(kBounds), other(kBounds);
  one.Observe(std::chrono::milliseconds(5));
  other.Observe(std::chrono::milliseconds(6));
  other.Observe(std::chrono::seconds(1));
  HistogramTotals totals;
  one.AddTo(totals);
  other.AddTo(totals);
  EXPECT_EQ(totals.buckets, (std::vector<std::uint64_t>{0, 2, 0, 1}));
  EXPECT_DOUBLE_EQ(totals.sum, 1.011);
}

}  // namespace
}  // namespace arbstr::proxy
