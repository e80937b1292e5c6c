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
  void Attempt(size_t provider, LatencySample sample, int took_ms) {
    table_.OnAttempt(provider, sample, milliseconds(took_ms), seconds(30), now_);
  }
  double Average(size_t provider) const { return table_.averages()[provider]; }
  bool IsKnown(size_t provider) { return !std::isnan(table_.ForDecision(now_)[provider]); }

  LatencyTable table_{2};
  LatencyTable::TimePoint now_ = LatencyTable::TimePoint() + std::chrono::hours(1);
};

TEST_F(LatencyTableTest, TheFirstAnswerIsTheAverageAndEachFurtherOneAFifth) {
  EXPECT_FALSE(IsKnown(0));
  Attempt(0, LatencySample::kAnswer, 40);
  EXPECT_DOUBLE_EQ(Average(0), 40);
  Attempt(0, LatencySample::kAnswer, 140);
  EXPECT_DOUBLE_EQ(Average(0), 60);
  EXPECT_FALSE(IsKnown(1)) << "of another";
}

TEST_F(LatencyTableTest, AFailureCountsAsAWholeDeadlineHoweverFastItWas) {
  Attempt(0, LatencySample::kFailure, 1);
  EXPECT_DOUBLE_EQ(Average(0), 30'000);
  Attempt(1, LatencySample::kAnswer, 0);
  Attempt(1, LatencySample::kFailure, 1);
  EXPECT_DOUBLE_EQ(Average(1), 6'000);
}

TEST_F(LatencyTableTest, WhoWasNotAskedTellsNothing) {
  Attempt(0, LatencySample::kAnswer, 70);
  Attempt(0, LatencySample::kNone, 1);
  EXPECT_DOUBLE_EQ(Average(0), 70);
}

TEST(LatencySampleTest, ARefusalIsAFailureUnlessTheRequestIsAtFault) {
  for (const Outcome outcome : {Outcome::kFinal, Outcome::kRetryable, Outcome::kNextProvider}) {
    for (const int status : {400, 413, 415, 422}) {
      EXPECT_EQ(LatencySampleOf(outcome, status), LatencySample::kAtLeast) << status;
    }
    for (const int status : {401, 402, 403, 404, 408, 429, 451, 500, 501, 502, 529}) {
      EXPECT_EQ(LatencySampleOf(outcome, status), LatencySample::kFailure) << status;
    }
  }
}

TEST(LatencySampleTest, WhatElseAnAttemptCanComeTo) {
  EXPECT_EQ(LatencySampleOf(Outcome::kAnswered, 200), LatencySample::kAnswer);
  EXPECT_EQ(LatencySampleOf(Outcome::kClientGone, 499), LatencySample::kAtLeast);
  EXPECT_EQ(LatencySampleOf(Outcome::kSkipped, 0), LatencySample::kNone);
  for (const Outcome outcome : {Outcome::kRetryable, Outcome::kNextProvider, Outcome::kDeadline}) {
    EXPECT_EQ(LatencySampleOf(outcome, 503), LatencySample::kFailure);
  }
}

TEST_F(LatencyTableTest, WhatTookSoLongAtLeastMakesTheAverageNoShorter) {
  Attempt(0, LatencySample::kAnswer, 100);
  Attempt(0, LatencySample::kAtLeast, 50);
  EXPECT_DOUBLE_EQ(Average(0), 100);
  Attempt(0, LatencySample::kAtLeast, 600);
  EXPECT_DOUBLE_EQ(Average(0), 200);
  Attempt(1, LatencySample::kAtLeast, 50);
  EXPECT_DOUBLE_EQ(Average(1), 50);
}

TEST_F(LatencyTableTest, WhoWasNotAskedForLongIsUnknownToOneDecision) {
  Attempt(0, LatencySample::kFailure, 1);
  Attempt(1, LatencySample::kAnswer, 1);
  now_ += LatencyTable::kForgotten - milliseconds(1);
  EXPECT_TRUE(IsKnown(0));
  EXPECT_TRUE(IsKnown(1));
  table_.OnAsked(1, now_);
  now_ += milliseconds(1);
  EXPECT_FALSE(IsKnown(0));
  EXPECT_FALSE(IsKnown(0)) << "until it is asked";
  EXPECT_TRUE(IsKnown(1));
  EXPECT_DOUBLE_EQ(Average(0), 30'000);
  table_.OnAsked(0, now_);
  EXPECT_TRUE(IsKnown(0)) << "one request is enough to see";
}

TEST_F(LatencyTableTest, WhatAForgottenProviderTakesReplacesWhatWasKnown) {
  Attempt(0, LatencySample::kFailure, 1);
  now_ += LatencyTable::kForgotten;
  table_.OnAsked(0, now_);
  EXPECT_DOUBLE_EQ(Average(0), 30'000) << "until the answer is there";
  Attempt(0, LatencySample::kAtLeast, 1);
  EXPECT_DOUBLE_EQ(Average(0), 30'000) << "who left at once has seen nothing";
  Attempt(0, LatencySample::kAnswer, 40);
  EXPECT_DOUBLE_EQ(Average(0), 40);
  Attempt(0, LatencySample::kAnswer, 140);
  EXPECT_DOUBLE_EQ(Average(0), 60) << "the first one alone";
}

TEST_F(LatencyTableTest, WhatAForgottenProviderFailsAtReplacesWhatWasKnown) {
  Attempt(0, LatencySample::kAnswer, 40);
  now_ += LatencyTable::kForgotten;
  table_.OnAsked(0, now_);
  Attempt(0, LatencySample::kFailure, 1);
  EXPECT_DOUBLE_EQ(Average(0), 30'000);
}

TEST_F(LatencyTableTest, WhatIsKnownOfAProviderMovesWithIt) {
  Attempt(1, LatencySample::kAnswer, 70);
  now_ += LatencyTable::kForgotten;
  table_.OnAsked(1, now_);
  LatencyTable next(3);
  next.Copy(table_, 1, 2);
  EXPECT_DOUBLE_EQ(next.averages()[2], 70);
  EXPECT_FALSE(std::isnan(next.ForDecision(now_)[2]));
  EXPECT_TRUE(std::isnan(next.averages()[1]));
  next.OnAttempt(2, LatencySample::kAnswer, milliseconds(10), seconds(30), now_);
  EXPECT_DOUBLE_EQ(next.averages()[2], 10) << "and that it is of a time before a pause";
}

}  // namespace
}  // namespace arbstr::proxy
