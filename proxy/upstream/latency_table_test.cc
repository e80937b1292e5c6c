#include "proxy/upstream/latency_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace arbstr::proxy {
namespace {

using retry::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

class LatencyTableTest : public testing::Test {
 protected:
  void Attempt(size_t provider, Outcome outcome, int took_ms) {
    table_.OnAttempt(provider, outcome, milliseconds(took_ms), seconds(30), now_);
  }
  double Average(size_t provider) const { return table_.averages()[provider]; }
  bool IsKnown(size_t provider) { return !std::isnan(table_.ForDecision(now_)[provider]); }

  LatencyTable table_{2};
  LatencyTable::TimePoint now_ = LatencyTable::TimePoint() + std::chrono::hours(1);
};

TEST_F(LatencyTableTest, TheFirstAnswerIsTheAverageAndEachFurtherOneAFifth) {
  EXPECT_FALSE(IsKnown(0));
  Attempt(0, Outcome::kAnswered, 40);
  EXPECT_DOUBLE_EQ(Average(0), 40);
  Attempt(0, Outcome::kAnswered, 140);
  EXPECT_DOUBLE_EQ(Average(0), 60);
  Attempt(0, Outcome::kFinal, 10);
  EXPECT_DOUBLE_EQ(Average(0), 50) << "a refusal of the request is an answer";
  EXPECT_FALSE(IsKnown(1)) << "of another";
}

TEST_F(LatencyTableTest, AFailureCountsAsAWholeDeadlineHoweverFastItWas) {
  for (const Outcome outcome : {Outcome::kRetryable, Outcome::kNextProvider, Outcome::kDeadline}) {
    table_ = LatencyTable(2);
    Attempt(0, outcome, 1);
    EXPECT_DOUBLE_EQ(Average(0), 30'000);
    Attempt(1, Outcome::kAnswered, 0);
    Attempt(1, outcome, 1);
    EXPECT_DOUBLE_EQ(Average(1), 6'000);
  }
}

TEST_F(LatencyTableTest, AClientThatLeavesProvesNoMoreThanItWaited) {
  Attempt(0, Outcome::kAnswered, 100);
  Attempt(0, Outcome::kClientGone, 50);
  EXPECT_DOUBLE_EQ(Average(0), 100);
  Attempt(0, Outcome::kClientGone, 600);
  EXPECT_DOUBLE_EQ(Average(0), 200);
  Attempt(1, Outcome::kClientGone, 50);
  EXPECT_DOUBLE_EQ(Average(1), 50);
}

TEST_F(LatencyTableTest, WhoWasNotAskedForLongIsUnknownToOneDecision) {
  Attempt(0, Outcome::kRetryable, 1);
  Attempt(1, Outcome::kAnswered, 1);
  now_ += LatencyTable::kForgotten - milliseconds(1);
  EXPECT_TRUE(IsKnown(0));
  EXPECT_TRUE(IsKnown(1));
  table_.OnChosen(1, now_);
  now_ += milliseconds(1);
  EXPECT_FALSE(IsKnown(0));
  EXPECT_FALSE(IsKnown(0)) << "until it is chosen";
  EXPECT_TRUE(IsKnown(1));
  EXPECT_DOUBLE_EQ(Average(0), 30'000);
  table_.OnChosen(0, now_);
  EXPECT_TRUE(IsKnown(0)) << "one request is enough to see";
  Attempt(0, Outcome::kAnswered, 0);
  EXPECT_DOUBLE_EQ(Average(0), 24'000);
}

TEST_F(LatencyTableTest, WhatIsKnownOfAProviderMovesWithIt) {
  Attempt(1, Outcome::kAnswered, 70);
  LatencyTable next(3);
  next.Copy(table_, 1, 2);
  EXPECT_DOUBLE_EQ(next.averages()[2], 70);
  EXPECT_FALSE(std::isnan(next.ForDecision(now_)[2]));
  EXPECT_TRUE(std::isnan(next.averages()[1]));
}

}  // namespace
}  // namespace arbstr::proxy
