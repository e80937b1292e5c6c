#include "mock_provider/scenario/scenario_time.h"

#include <gtest/gtest.h>

#include <limits>

namespace mock_provider {
namespace {

TEST(ScenarioTime, TimesThatLieAWholeNumberApartAreThatFarApartWhereverTheyLie) {
  int beside = 0;
  for (int us = 0; us < 100'000; us += 7) {
    const double from = (834'567 + us) / 1000.0;
    const double to = (1'334'567 + us) / 1000.0;
    if (to - from != 500) ++beside;
    ASSERT_EQ(MsBetween(from, to), 500) << us;
  }
  EXPECT_GT(beside, 0) << "the plain difference would do";
}

TEST(ScenarioTime, AMicrosecondMoreOrLessIsSeenEvenAfterYears) {
  constexpr double kYears = 1e12;
  EXPECT_LT(MsBetween(kYears, kYears + 499.999), 500);
  EXPECT_EQ(MsBetween(kYears, kYears + 500), 500);
  EXPECT_GT(MsBetween(kYears, kYears + 500.001), 500);
}

TEST(ScenarioTime, WhatNeverEndsIsInfinitelyFar) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  EXPECT_EQ(MsBetween(5, kNever), kNever);
}

}  // namespace
}  // namespace mock_provider
