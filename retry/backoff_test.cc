#include "retry/backoff.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace arbstr::retry {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, GrowsAsListedAndThenTheLastRepeats) {
  const RetryPolicy policy;
  EXPECT_EQ(BackoffBefore(policy, 1, 0), 1000ms);
  EXPECT_EQ(BackoffBefore(policy, 2, 0), 2000ms);
  EXPECT_EQ(BackoffBefore(policy, 3, 0), 4000ms);
  EXPECT_EQ(BackoffBefore(policy, 4, 0), 4000ms);
  EXPECT_EQ(BackoffBefore(policy, 1000, 0), 4000ms);
}

TEST(Backoff, JitterOnlyEverAdds) {
  const RetryPolicy policy;
  EXPECT_EQ(BackoffBefore(policy, 1, 0), 1000ms);
  EXPECT_EQ(BackoffBefore(policy, 1, 0.5), 1100ms);
  const auto longest = BackoffBefore(policy, 1, std::nextafter(1.0, 0.0));
  EXPECT_GT(longest, 1199ms);
  EXPECT_LE(longest, 1200ms);
}

TEST(Backoff, WithoutJitterTheDrawMeansNothing) {
  RetryPolicy policy;
  policy.jitter = 0;
  EXPECT_EQ(BackoffBefore(policy, 1, 0.99), 1000ms);
}

TEST(Backoff, AnEmptyListMeansNoWaits) {
  RetryPolicy policy;
  policy.backoff.clear();
  EXPECT_EQ(BackoffBefore(policy, 1, 0.9), 0ns);
  EXPECT_EQ(BackoffBefore(policy, 7, 0.9), 0ns);
}

TEST(Backoff, ADrawOutsideItsRangeCountsAsTheNearerEnd) {
  const RetryPolicy policy;
  EXPECT_EQ(BackoffBefore(policy, 1, -3), 1000ms);
  EXPECT_EQ(BackoffBefore(policy, 1, 3), 1200ms);
  EXPECT_EQ(BackoffBefore(policy, 1, std::numeric_limits<double>::quiet_NaN()), 1000ms);
}

TEST(Backoff, ARetryNumberBelowOneCountsAsTheFirst) {
  const RetryPolicy policy;
  EXPECT_EQ(BackoffBefore(policy, 0, 0), 1000ms);
  EXPECT_EQ(BackoffBefore(policy, std::numeric_limits<int>::min(), 0), 1000ms);
}

TEST(Backoff, AbsurdWaitsNeitherOverflowNorTurnNegative) {
  RetryPolicy policy;
  policy.jitter = 1;
  policy.backoff = {std::chrono::milliseconds::max(), -5ms};
  EXPECT_GT(BackoffBefore(policy, 1, 0.999), 24h * 36500);
  EXPECT_EQ(BackoffBefore(policy, 2, 0.999), 0ns);
}

}  // namespace
}  // namespace arbstr::retry
