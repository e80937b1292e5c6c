#include "mock_provider/rules/rate_limiter.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

using Hit = LimitVerdict::Hit;

TEST(RateLimiter, WithoutLimitsEverythingPassesAndNothingIsShown) {
  RateLimiter limiter({});
  for (int i = 0; i < 1000; ++i) {
    const LimitVerdict verdict = limiter.Admit(1'000'000, 0);
    EXPECT_EQ(verdict.hit, Hit::kNone);
    EXPECT_FALSE(verdict.requests || verdict.tokens);
  }
}

TEST(RateLimiter, RequestsAreRefusedUntilOneHasFlowedBack) {
  RateLimiter limiter({.rpm = 2});
  EXPECT_EQ(limiter.Admit(5, 0).requests->left, 1);
  EXPECT_EQ(limiter.Admit(5, 0).requests->left, 0);
  const LimitVerdict refused = limiter.Admit(5, 0);
  EXPECT_EQ(refused.hit, Hit::kRequests);
  EXPECT_EQ(refused.limit, 2);
  EXPECT_EQ(refused.used, 2);
  EXPECT_EQ(refused.retry_after_ms, 30'000);
  EXPECT_EQ(refused.requests->full_in_ms, 60'000);
  EXPECT_EQ(limiter.Admit(5, 29'999).retry_after_ms, 1);
  EXPECT_EQ(limiter.Admit(5, 30'000).hit, Hit::kNone);
}

TEST(RateLimiter, TokensAreCountedByTheRequestsSize) {
  RateLimiter limiter({.tpm = 600});
  EXPECT_EQ(limiter.Admit(500, 0).tokens->left, 100);
  const LimitVerdict refused = limiter.Admit(300, 0);
  EXPECT_EQ(refused.hit, Hit::kTokens);
  EXPECT_EQ(refused.used, 500);
  EXPECT_EQ(refused.requested, 300);
  EXPECT_EQ(refused.retry_after_ms, 20'000);
  EXPECT_EQ(limiter.Admit(100, 0).hit, Hit::kNone);
}

TEST(RateLimiter, TheLongerWaitOfTwoIsTheOneToKeep) {
  RateLimiter limiter({.rpm = 1, .tpm = 600});
  EXPECT_EQ(limiter.Admit(600, 0).hit, Hit::kNone);
  EXPECT_EQ(limiter.Admit(10, 0).hit, Hit::kRequests);
  EXPECT_EQ(limiter.Admit(10, 0).retry_after_ms, 60'000);
  RateLimiter many({.rpm = 60, .tpm = 600});
  for (int i = 0; i < 60; ++i) EXPECT_EQ(many.Admit(10, 0).hit, Hit::kNone);
  EXPECT_EQ(many.Admit(100, 0).hit, Hit::kTokens);
  EXPECT_EQ(many.Admit(100, 0).retry_after_ms, 10'000);
}

TEST(RateLimiter, WhatIsLargerThanAMinutesWorthIsToldNoTimeToWait) {
  RateLimiter limiter({.tpm = 100});
  const LimitVerdict refused = limiter.Admit(101, 0);
  EXPECT_EQ(refused.hit, Hit::kTokens);
  EXPECT_FALSE(refused.retry_after_ms);
  EXPECT_EQ(limiter.Admit(100, 0).hit, Hit::kNone);
}

TEST(RateLimiter, ConcurrencyIsFreedByWhoLeavesAndARefusalTakesNothing) {
  RateLimiter limiter({.rpm = 10, .concurrency = 2});
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kNone);
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kNone);
  const LimitVerdict refused = limiter.Admit(1, 0);
  EXPECT_EQ(refused.hit, Hit::kConcurrency);
  EXPECT_FALSE(refused.retry_after_ms);
  EXPECT_EQ(refused.requests->left, 8);
  limiter.Leave();
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kNone);
}

TEST(RateLimiter, AResetFillsTheBucketsAndKeepsWhoIsThere) {
  RateLimiter limiter({.rpm = 1, .concurrency = 1});
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kNone);
  limiter.Reset();
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kConcurrency);
  limiter.Leave();
  EXPECT_EQ(limiter.Admit(1, 0).hit, Hit::kNone);
}

}  // namespace
}  // namespace mock_provider
