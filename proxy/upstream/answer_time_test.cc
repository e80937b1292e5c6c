#include "proxy/upstream/answer_time.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

TEST(AnswerTimeTest, IsUnknownBeforeTheFirstAnswer) { EXPECT_FALSE(AnswerTime().average()); }

TEST(AnswerTimeTest, ItIsAMovingAverage) {
  AnswerTime time;
  time.OnAnswer(milliseconds(100));
  EXPECT_EQ(time.average(), milliseconds(100));
  time.OnAnswer(milliseconds(200));
  EXPECT_EQ(time.average(), milliseconds(120));
}

}  // namespace
}  // namespace arbstr::proxy
