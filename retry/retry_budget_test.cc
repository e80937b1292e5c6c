#include "retry/retry_budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using TimePoint = RetryBudget::TimePoint;

constexpr TimePoint kStart{seconds(1'000'000)};

int Allowed(RetryBudget& budget, TimePoint now, int asked) {
  int allowed = 0;
  for (int i = 0; i < asked; ++i) allowed += budget.TryRetry(now);
  return allowed;
}

TEST(RetryBudgetTest, AShareOfTheRequestsMayBeRetries) {
  RetryBudget budget({.percent = 20, .min_per_s = 0});
  EXPECT_EQ(Allowed(budget, kStart, 5), 0);
  for (int i = 0; i < 1000; ++i) budget.OnRequest(kStart);
  EXPECT_EQ(Allowed(budget, kStart, 1000), 200);
}

TEST(RetryBudgetTest, TheFloorIsAllowedHoweverFewTheRequests) {
  RetryBudget budget({.percent = 20, .min_per_s = 3});
  budget.OnRequest(kStart);
  EXPECT_EQ(Allowed(budget, kStart, 100), 30) << "3 a second over 10 s";
}

TEST(RetryBudgetTest, WhatIsOlderThanTheWindowIsForgotten) {
  RetryBudget budget({.percent = 20, .min_per_s = 1});
  EXPECT_EQ(Allowed(budget, kStart, 100), 10);
  EXPECT_EQ(Allowed(budget, kStart + seconds(9), 100), 0);
  EXPECT_EQ(Allowed(budget, kStart + seconds(10), 100), 10);
  EXPECT_EQ(Allowed(budget, kStart + seconds(100), 100), 10);
}

TEST(RetryBudgetTest, ARetryGivenBackMayBeMadeLater) {
  RetryBudget budget({.percent = 20, .min_per_s = 1});
  EXPECT_EQ(Allowed(budget, kStart, 100), 10);
  budget.GiveBack(kStart);
  EXPECT_EQ(Allowed(budget, kStart, 100), 1);
}

TEST(RetryBudgetTest, ARetryIsGivenBackWhereItWasCharged) {
  RetryBudget budget({.percent = 20, .min_per_s = 1});
  EXPECT_EQ(Allowed(budget, kStart, 100), 10);
  budget.GiveBack(kStart + seconds(5));
  EXPECT_EQ(Allowed(budget, kStart + seconds(5), 100), 0) << "nothing was charged then";
  budget.GiveBack(kStart + seconds(5));
  EXPECT_EQ(Allowed(budget, kStart + seconds(5), 100), 0) << "nor was it then, though it was asked for";
  budget.GiveBack(kStart);
  EXPECT_EQ(Allowed(budget, kStart + seconds(5), 100), 1);
  EXPECT_EQ(Allowed(budget, kStart + seconds(10), 100), 9);
  budget.GiveBack(kStart);
  EXPECT_EQ(Allowed(budget, kStart + seconds(10), 100), 0) << "too long ago to matter";
}

TEST(RetryBudgetTest, WithoutABudgetEveryRetryIsAllowed) {
  RetryBudget budget({.percent = 0, .min_per_s = 0});
  EXPECT_EQ(Allowed(budget, kStart, 1000), 1000);
}

// A provider that is down: every request wants two retries. Its load stays within 1.2 times the requests and
// the floor.
TEST(RetryBudgetTest, WithoutABudgetNothingIsGivenBackThatWasNotCharged) {
  RetryBudget budget({.percent = 10, .min_per_s = 1});
  const RetryBudget::TimePoint now{std::chrono::seconds(100)};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.TryRetry(now));
  budget.SetPolicy({.percent = 0, .min_per_s = 1});
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(budget.TryRetry(now));
    budget.GiveBack(now);
  }
  budget.SetPolicy({.percent = 10, .min_per_s = 1});
  EXPECT_FALSE(budget.TryRetry(now));
}

TEST(RetryBudgetTest, RandomLoadStaysWithinTheBudgetInEveryWindow) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  RetryBudget budget({.percent = 20, .min_per_s = 10});
  TimePoint now = kStart;
  std::deque<TimePoint> requests, retries;
  for (int i = 0; i < 200'000; ++i) {
    now += std::chrono::microseconds(random() % 2'000);
    budget.OnRequest(now);
    requests.push_back(now);
    // The whole seconds of the window: what the budget itself looks at.
    const TimePoint begin = std::chrono::floor<seconds>(now) - RetryBudget::kWindow + seconds(1);
    while (requests.front() < begin) requests.pop_front();
    while (!retries.empty() && retries.front() < begin) retries.pop_front();
    for (int r = 0; r < 2; ++r) {
      const bool room = retries.size() < std::max<std::size_t>(100, requests.size() / 5);
      ASSERT_EQ(budget.TryRetry(now), room);
      if (room) retries.push_back(now);
    }
  }
}

}  // namespace
}  // namespace arbstr::retry
