#include "mock_provider/scenario/scenario_clock.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace mock_provider {
namespace {

class ScenarioClockTest : public ::testing::Test {
 protected:
  ScenarioClock::Ticket CallIn(double ms, int mark) {
    return clock_.CallAt({clock_.Now().ms + ms}, [this, mark] { called_.push_back(mark); });
  }

  // What was called since the last time, after everything that is ready has run.
  std::vector<int> Called() {
    io_.restart();
    io_.poll();
    return std::exchange(called_, {});
  }

  boost::asio::io_context io_;
  ScenarioClock clock_{io_.get_executor()};
  std::vector<int> called_;
};

TEST_F(ScenarioClockTest, AFrozenOneStandsStillAndCallsNobody) {
  clock_.Freeze();
  const double now = clock_.NowMs();
  CallIn(1, 1);
  EXPECT_TRUE(Called().empty());
  EXPECT_EQ(clock_.NowMs(), now);
}

TEST_F(ScenarioClockTest, AdvancingCallsWhomItPassesInOrder) {
  clock_.Freeze();
  CallIn(30, 3);
  CallIn(10, 1);
  CallIn(10, 2);
  CallIn(31, 4);
  clock_.Advance(30);
  EXPECT_EQ(Called(), (std::vector<int>{1, 2, 3}));
  clock_.Advance(1);
  EXPECT_EQ(Called(), (std::vector<int>{4}));
}

TEST_F(ScenarioClockTest, TimesThatAreTheSameSumCallWhateverTheyRoundTo) {
  for (int i = 0; i < 1000; ++i) {
    ScenarioClock clock(io_.get_executor());
    clock.Freeze();
    clock.Advance(1.0 / (i + 3));
    const double begun = clock.Now().ms;
    clock.CallAt({begun + 15'000 + 15'000 + 30'000}, [this, i] { called_.push_back(i); });
    clock.Advance(59'999);
    EXPECT_TRUE(Called().empty()) << i;
    clock.Advance(1);
    EXPECT_EQ(Called(), std::vector<int>{i});
  }
}

TEST_F(ScenarioClockTest, ItShowsWholeMicrosecondsAndNothingBetween) {
  for (int i = 0; i < 1000; ++i) {
    const double now = clock_.NowMs();
    ASSERT_EQ(now, std::round(now * 1000) / 1000);
  }
  clock_.Advance(0.3);
  clock_.Restart();
  clock_.Freeze();
  clock_.Advance(1000 - clock_.NowMs());
  EXPECT_EQ(clock_.NowMs(), 1000);
}

TEST_F(ScenarioClockTest, EvenAFrozenOneCallsForATimeThatItHasReached) {
  clock_.Freeze();
  CallIn(-5, 1);
  io_.restart();
  io_.run_for(std::chrono::seconds(10));
  EXPECT_EQ(called_, (std::vector<int>{1}));
}

TEST_F(ScenarioClockTest, ARunningOneCallsByItself) {
  CallIn(1, 1);
  io_.run_for(std::chrono::seconds(10));
  EXPECT_EQ(called_, (std::vector<int>{1}));
}

TEST_F(ScenarioClockTest, ACancelledCallDoesNotCome) {
  clock_.Freeze();
  clock_.Cancel(CallIn(5, 1));
  clock_.Advance(10);
  EXPECT_TRUE(Called().empty());
}

TEST_F(ScenarioClockTest, WithNobodyLeftToCallItLeavesItsContextWithoutWork) {
  const auto ticket = CallIn(3'600'000, 1);
  Called();
  EXPECT_FALSE(io_.stopped());
  clock_.Cancel(ticket);
  Called();
  EXPECT_TRUE(io_.stopped());
}

TEST_F(ScenarioClockTest, CancellingTheNextCallStillLeavesTheOneAfterIt) {
  const auto next = CallIn(1, 1);
  CallIn(2, 2);
  clock_.Cancel(next);
  io_.run_for(std::chrono::seconds(10));
  EXPECT_EQ(called_, (std::vector<int>{2}));
}

TEST_F(ScenarioClockTest, ARestartIsZeroAgainAndLeavesWhoWaitsWaiting) {
  clock_.Freeze();
  clock_.Advance(1000);
  CallIn(500, 1);
  clock_.Restart();
  clock_.Freeze();
  EXPECT_LT(clock_.NowMs(), 400);
  EXPECT_TRUE(Called().empty());
  clock_.Advance(500);
  EXPECT_EQ(Called(), (std::vector<int>{1}));
}

TEST_F(ScenarioClockTest, ARestartIsExactlyZeroOnAFrozenClockAndLeavesItFrozen) {
  clock_.Freeze();
  clock_.Advance(1000);
  clock_.Restart();
  EXPECT_TRUE(clock_.frozen());
  EXPECT_EQ(clock_.NowMs(), 0);
}

TEST_F(ScenarioClockTest, ForEverNeverComes) {
  clock_.Freeze();
  CallIn(std::numeric_limits<double>::infinity(), 1);
  clock_.Advance(1e15);
  EXPECT_TRUE(Called().empty());
}

}  // namespace
}  // namespace mock_provider
