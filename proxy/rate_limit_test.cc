#include "proxy/rate_limit.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using TimePoint = RateLimit::TimePoint;

constexpr TimePoint kStart{seconds(1'000'000)};

int Taken(RateLimit& limit, TimePoint now, int asked) {
  int taken = 0;
  for (int i = 0; i < asked; ++i) taken += !limit.Take(now);
  return taken;
}

TEST(RateLimitTest, ASecondsWorthMayComeAtOnce) {
  RateLimit limit(5);
  EXPECT_EQ(Taken(limit, kStart, 100), 5);
  EXPECT_EQ(Taken(limit, kStart + milliseconds(199), 100), 0);
  EXPECT_EQ(Taken(limit, kStart + milliseconds(200), 100), 1);
  EXPECT_EQ(Taken(limit, kStart + milliseconds(1000), 100), 4);
}

TEST(RateLimitTest, TimeWithoutRequestsIsNotSavedUp) {
  RateLimit limit(5);
  EXPECT_EQ(Taken(limit, kStart, 5), 5);
  EXPECT_EQ(Taken(limit, kStart + std::chrono::hours(24 * 365), 100), 5);
}

TEST(RateLimitTest, ARefusalSaysWhenAndCostsNothing) {
  RateLimit limit(4);
  EXPECT_EQ(Taken(limit, kStart, 4), 4);
  EXPECT_EQ(limit.Take(kStart), milliseconds(250));
  EXPECT_EQ(limit.Take(kStart + milliseconds(100)), milliseconds(150));
  EXPECT_EQ(limit.Take(kStart + milliseconds(250) - nanoseconds(1)), nanoseconds(1));
  EXPECT_EQ(limit.Take(kStart + milliseconds(250)), std::nullopt);
}

TEST(RateLimitTest, OneASecondIsALimitToo) {
  RateLimit limit(1);
  EXPECT_EQ(Taken(limit, kStart, 10), 1);
  EXPECT_EQ(limit.Take(kStart), seconds(1));
  EXPECT_EQ(Taken(limit, kStart + milliseconds(999), 10), 0);
  EXPECT_EQ(Taken(limit, kStart + seconds(1), 10), 1);
}

TEST(RateLimitTest, AMillionASecondAreCounted) {
  RateLimit limit(1'000'000);
  EXPECT_EQ(Taken(limit, kStart, 1'000'001), 1'000'000);
}

TEST(RateLimitTest, WithoutALimitEverythingIsTaken) {
  RateLimit limit(0);
  EXPECT_EQ(Taken(limit, kStart, 1000), 1000);
}

TEST(RateLimitTest, WorksAtTheClocksBeginning) {
  RateLimit limit(2);
  EXPECT_EQ(Taken(limit, TimePoint{}, 10), 2);
  EXPECT_EQ(Taken(limit, TimePoint{seconds(1)}, 10), 2);
}

// In every stretch of time of length T at most one second's worth and what T brings are taken; and a bucket
// that was full for a moment has a second's worth.
TEST(RateLimitTest, RandomLoadStaysWithinTheRateInEveryStretch) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (const int rate : {1, 3, 7, 100, 999}) {
    RateLimit limit(rate);
    TimePoint now = kStart;
    std::vector<TimePoint> taken;
    for (int i = 0; i < 20'000; ++i) {
      now += nanoseconds(random() % 3 == 0 ? 0 : random() % (2'000'000'000 / static_cast<unsigned>(rate)));
      if (!limit.Take(now)) taken.push_back(now);
    }
    const auto burst = static_cast<std::size_t>(rate);
    for (std::size_t i = burst; i < taken.size(); ++i) {
      // `burst` + 1 requests cannot lie within less than the time of one token.
      ASSERT_GE(taken[i] - taken[i - burst], nanoseconds(1'000'000'000 / rate)) << rate << " " << i;
    }
    const double lasted = std::chrono::duration<double>(now - kStart).count();
    EXPECT_LE(static_cast<double>(taken.size()), lasted * rate * 1.0001 + rate);
    EXPECT_GE(static_cast<double>(taken.size()), lasted * rate / 4) << "what fits is taken";
  }
}

TEST(RateLimitTest, ThreadsTogetherGetNoMoreThanOne) {
  RateLimit limit(1000);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { taken += Taken(limit, kStart, 2000); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1000);
}

}  // namespace
}  // namespace arbstr::proxy
