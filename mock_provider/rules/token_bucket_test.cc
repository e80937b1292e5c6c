#include "mock_provider/rules/token_bucket.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(TokenBucket, AMinutesWorthGoesAtOnceAndComesBackEvenly) {
  TokenBucket bucket(60);
  EXPECT_EQ(bucket.Left(0), 60);
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(bucket.WaitMs(1, 0), 0) << i;
    bucket.Take(1, 0);
  }
  EXPECT_EQ(bucket.Left(0), 0);
  EXPECT_EQ(bucket.FullInMs(0), 60'000);
  EXPECT_EQ(bucket.WaitMs(1, 0), 1000);
  EXPECT_EQ(bucket.WaitMs(1, 400), 600);
  EXPECT_EQ(bucket.WaitMs(1, 999), 1);
  EXPECT_EQ(bucket.WaitMs(1, 1000), 0);
  bucket.Take(1, 1000);
  EXPECT_EQ(bucket.WaitMs(1, 1000), 1000);
  EXPECT_EQ(bucket.WaitMs(3, 1000), 3000);
  EXPECT_EQ(bucket.Left(31'000), 30);
}

TEST(TokenBucket, ItNeverHoldsMoreThanItsMinute) {
  TokenBucket bucket(10);
  bucket.Take(1, 0);
  EXPECT_EQ(bucket.Left(3'600'000), 10);
  bucket.Take(10, 3'600'000);
  EXPECT_EQ(bucket.WaitMs(1, 3'600'000), 6000);
}

TEST(TokenBucket, ARateThatDividesNoMinuteStillKeepsItsWordToTheMillisecond) {
  TokenBucket bucket(7);
  double now = 12'345;
  bucket.Take(7, now);
  for (int i = 0; i < 1000; ++i) {
    const double wait = bucket.WaitMs(1, now);
    ASSERT_GT(bucket.WaitMs(1, now + wait - 1), 0) << i;
    ASSERT_EQ(bucket.WaitMs(1, now + wait), 0) << i;
    now += wait;
    bucket.Take(1, now);
  }
  // 1000 at 7 a minute take 8571.4 s; each wait is rounded up to a whole millisecond.
  EXPECT_NEAR(now - 12'345, 1000 * 60'000.0 / 7, 1000);
}

}  // namespace
}  // namespace mock_provider
