#include "proxy/upstream/answer_time.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

TEST(AnswerTimeTest, NothingIsTooSoonForWhoHasNotAnswered) {
  EXPECT_FALSE(AnswerTime().IsLongerThan(milliseconds(0)));
}

TEST(AnswerTimeTest, ItIsAMovingAverage) {
  AnswerTime time;
  time.OnAnswer(milliseconds(100));
  EXPECT_TRUE(time.IsLongerThan(milliseconds(99)));
  EXPECT_FALSE(time.IsLongerThan(milliseconds(100)));
  time.OnAnswer(milliseconds(200));
  EXPECT_TRUE(time.IsLongerThan(milliseconds(119)));
  EXPECT_FALSE(time.IsLongerThan(milliseconds(121)));
}

}  // namespace
}  // namespace arbstr::proxy
