#include "proxy/chat/latency_average.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace arbstr::proxy {
namespace {

using retry::Outcome;
using std::chrono::milliseconds;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double After(double average_ms, Outcome outcome, int took_ms) {
  return AfterAttempt(average_ms, outcome, milliseconds(took_ms), milliseconds(30'000));
}

TEST(LatencyAverageTest, TheFirstAnswerIsTheAverageAndEachFurtherOneAFifth) {
  EXPECT_DOUBLE_EQ(After(kUnknown, Outcome::kAnswered, 40), 40);
  EXPECT_DOUBLE_EQ(After(40, Outcome::kAnswered, 140), 60);
  EXPECT_DOUBLE_EQ(After(40, Outcome::kFinal, 10), 34) << "a refusal of the request is an answer";
}

TEST(LatencyAverageTest, AFailureCountsAsAWholeDeadlineHoweverFastItWas) {
  for (const Outcome outcome : {Outcome::kRetryable, Outcome::kNextProvider, Outcome::kDeadline}) {
    EXPECT_DOUBLE_EQ(After(kUnknown, outcome, 1), 30'000);
    EXPECT_DOUBLE_EQ(After(0, outcome, 1), 6'000);
  }
}

TEST(LatencyAverageTest, AClientThatLeavesProvesNoMoreThanItWaited) {
  EXPECT_DOUBLE_EQ(After(100, Outcome::kClientGone, 50), 100);
  EXPECT_DOUBLE_EQ(After(100, Outcome::kClientGone, 600), 200);
  EXPECT_DOUBLE_EQ(After(kUnknown, Outcome::kClientGone, 50), 50);
}

TEST(LatencyAverageTest, WhoWasNotAskedStaysAsItWas) {
  EXPECT_DOUBLE_EQ(After(70, Outcome::kSkipped, 0), 70);
  EXPECT_TRUE(std::isnan(After(kUnknown, Outcome::kSkipped, 0)));
}

}  // namespace
}  // namespace arbstr::proxy
