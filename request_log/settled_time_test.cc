#include "request_log/settled_time.h"

#include <gtest/gtest.h>

namespace arbstr::request_log {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SettledTimeTest : public testing::Test {
 protected:
  // Seconds that retention reckons with, `since` the start by a clock that nobody sets, and by the wall's.
  std::chrono::seconds Read(seconds since, seconds wall) {
    const auto read = time_.Read(wall_ + wall, start_ + since);
    return std::chrono::duration_cast<seconds>(read - wall_);
  }

 private:
  SettledTime time_;
  const std::chrono::nanoseconds start_ = hours(5);
  const std::chrono::system_clock::time_point wall_{days(20'000)};
};

TEST_F(SettledTimeTest, AClockThatNobodySetsIsBelieved) {
  for (const seconds at : {seconds(0), seconds(1), seconds(3600), seconds(days(400))}) {
    EXPECT_EQ(Read(at, at), at);
    EXPECT_EQ(Read(at, at + seconds(59)), at + seconds(59)) << "and so are small corrections";
    EXPECT_EQ(Read(at, at), at);
  }
}

TEST_F(SettledTimeTest, AClockThatIsWrongForAWhileIsNotBelieved) {
  Read(seconds(0), seconds(0));
  for (const seconds wrong : {seconds(minutes(2)), seconds(days(30)), seconds(days(27'000))}) {
    EXPECT_EQ(Read(seconds(10), seconds(10) + wrong), seconds(10));
    EXPECT_EQ(Read(seconds(3500), seconds(3500) + wrong), seconds(3500));
    EXPECT_EQ(Read(seconds(3600), seconds(3600)), seconds(3600));
  }
}

TEST_F(SettledTimeTest, OneThatStaysWhereItWasSetIsBelievedAfterAnHour) {
  Read(seconds(0), seconds(0));
  const seconds set = days(30);
  EXPECT_EQ(Read(seconds(10), seconds(10) + set), seconds(10));
  EXPECT_EQ(Read(seconds(3609), seconds(3609) + set + seconds(5)), seconds(3609));
  EXPECT_EQ(Read(seconds(3610), seconds(3610) + set + seconds(5)), seconds(3615) + set);
  EXPECT_EQ(Read(seconds(4000), seconds(4000) + set), seconds(4000) + set);
}

TEST_F(SettledTimeTest, EachTimeItIsSetTheHourBeginsAnew) {
  Read(seconds(0), seconds(0));
  EXPECT_EQ(Read(seconds(10), seconds(10) + days(30)), seconds(10));
  EXPECT_EQ(Read(seconds(3000), seconds(3000) + days(60)), seconds(3000));
  EXPECT_EQ(Read(seconds(6000), seconds(6000) + days(60)), seconds(6000));
  EXPECT_EQ(Read(seconds(6600), seconds(6600) + days(60)), seconds(6600) + days(60));
}

TEST_F(SettledTimeTest, OneThatIsSetBackIsBelievedAtOnce) {
  Read(seconds(0), seconds(0));
  EXPECT_EQ(Read(seconds(10), seconds(10) - days(30)), seconds(10) - days(30));
}

}  // namespace
}  // namespace arbstr::request_log
