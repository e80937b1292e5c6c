#include "request_log/best_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

namespace arbstr::request_log {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

TEST(BestRowsTest, RanksFollowTheNumbersOrTurnThemAround) {
  const std::vector<std::int64_t> numbers = {std::numeric_limits<std::int64_t>::min(), -1, 0, 1,
                                             std::numeric_limits<std::int64_t>::max()};
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    EXPECT_LT(RankOf(numbers[i - 1], false), RankOf(numbers[i], false));
    EXPECT_GT(RankOf(numbers[i - 1], true), RankOf(numbers[i], true));
  }
}

TEST(BestRowsTest, AnUnknownCostIsTheLastInEitherOrder) {
  const std::vector<double> costs = {
      -1e300, -1, -0.5, 0, 1e-300, 0.5, 1, 1e300, std::numeric_limits<double>::infinity()};
  for (const bool descending : {false, true}) {
    for (std::size_t i = 1; i < costs.size(); ++i) {
      EXPECT_EQ(RankOfCost(costs[i - 1], descending) < RankOfCost(costs[i], descending), !descending) << i;
    }
    for (const double cost : costs) EXPECT_LT(RankOfCost(cost, descending), RankOfCost(kUnknown, descending));
  }
  EXPECT_EQ(RankOfCost(-0.0, false), RankOfCost(0.0, false));
}

TEST(BestRowsTest, AnyPageOfRandomRowsIsThatOfTheSortedRows) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<RowRank> rows(random() % 3000);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = {static_cast<std::int64_t>(random() % 20), static_cast<std::int64_t>(random() % 20),
                 static_cast<std::int64_t>(i)};
    }
    const std::size_t first = random() % 1000, count = random() % 100;
    BestRows best(first + count);
    for (const RowRank& row : rows) {
      if (best.Wants(row.value)) best.Offer(row);
    }
    std::ranges::sort(rows);
    const std::size_t begin = std::min(first, rows.size()), end = std::min(first + count, rows.size());
    EXPECT_EQ(best.Take(first, count), std::vector<RowRank>(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                                            rows.begin() + static_cast<std::ptrdiff_t>(end)));
  }
}

TEST(BestRowsTest, WhatCannotBeAmongTheFirstIsNotWanted) {
  BestRows best(10);
  EXPECT_TRUE(best.Wants(1000));
  for (std::int64_t i = 0; i < 1000; ++i) best.Offer({i % 100, 0, i});
  EXPECT_FALSE(best.Wants(99));
  EXPECT_TRUE(best.Wants(0));
}

}  // namespace
}  // namespace arbstr::request_log
