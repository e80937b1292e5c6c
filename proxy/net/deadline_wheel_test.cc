#include "proxy/net/deadline_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The loop is never run: time is what a test says.
class DeadlineWheelTest : public testing::Test {
 protected:
  Clock::time_point At(std::int64_t ms) const { return start_ + milliseconds(ms); }
  Deadline Named(const std::string& name) {
    return Deadline(wheel_, [this, name] { fired_ += name; });
  }
  // What fired by then, in order.
  std::string FiredBy(std::int64_t ms) {
    fired_.clear();
    wheel_.FireExpired(At(ms));
    return fired_;
  }

  asio::io_context loop_;
  DeadlineWheel wheel_{loop_.get_executor()};
  const Clock::time_point start_ = Clock::now() + milliseconds(100);
  std::string fired_;
};

TEST_F(DeadlineWheelTest, ADeadlineFiresOnceAndNotBeforeItsTime) {
  Deadline a = Named("a");
  EXPECT_FALSE(a.armed());
  a.Arm(At(10));
  EXPECT_TRUE(a.armed());
  EXPECT_EQ(FiredBy(0), "");
  EXPECT_EQ(FiredBy(9), "");
  EXPECT_EQ(FiredBy(14), "a");  // within a tick
  EXPECT_FALSE(a.armed());
  EXPECT_EQ(FiredBy(10'000), "");
}

TEST_F(DeadlineWheelTest, WhatIsDueFiresInTheOrderOfItsTicks) {
  Deadline c = Named("c"), a = Named("a"), b = Named("b");
  c.Arm(At(300));
  a.Arm(At(100));
  b.Arm(At(200));
  EXPECT_EQ(FiredBy(150), "a");
  EXPECT_EQ(FiredBy(400), "bc");
}

TEST_F(DeadlineWheelTest, WhatThrowsKeepsNoOtherFromFiring) {
  Deadline a(wheel_, [] { throw std::bad_alloc(); });
  Deadline b = Named("b"), c = Named("c");
  a.Arm(At(10));
  b.Arm(At(10));
  c.Arm(At(100));
  EXPECT_THROW(FiredBy(50), std::bad_alloc);
  EXPECT_EQ(fired_, "b");
  EXPECT_EQ(FiredBy(150), "c");
}

TEST_F(DeadlineWheelTest, ADisarmedDeadlineDoesNotFire) {
  Deadline a = Named("a"), b = Named("b");
  a.Arm(At(10));
  b.Arm(At(10));
  a.Disarm();
  a.Disarm();
  EXPECT_EQ(FiredBy(100), "b");
}

TEST_F(DeadlineWheelTest, ArmingAgainReplacesTheTime) {
  Deadline a = Named("a");
  a.Arm(At(10));
  a.Arm(At(500));
  EXPECT_EQ(FiredBy(400), "");
  EXPECT_EQ(FiredBy(504), "a");
  a.Arm(At(5'000));
  a.Arm(At(600));
  EXPECT_EQ(FiredBy(604), "a");
  EXPECT_EQ(FiredBy(6'000), "");
}

TEST_F(DeadlineWheelTest, ADestroyedDeadlineDoesNotFire) {
  auto a = std::make_unique<Deadline>(wheel_, [this] { fired_ += "a"; });
  a->Arm(At(10));
  a.reset();
  EXPECT_EQ(FiredBy(100), "");
}

TEST_F(DeadlineWheelTest, AnArmedDeadlineMayOutliveItsWheel) {
  auto wheel = std::make_unique<DeadlineWheel>(loop_.get_executor());
  Deadline a(*wheel, [this] { fired_ += "a"; });
  Deadline b(*wheel, [this] { fired_ += "b"; });
  a.Arm(At(10));
  b.Arm(At(10));
  wheel.reset();
  EXPECT_FALSE(a.armed());
  EXPECT_FALSE(b.armed());
  EXPECT_EQ(fired_, "");
}

TEST_F(DeadlineWheelTest, ATimeThatHasPassedFiresAtTheNextTick) {
  EXPECT_EQ(FiredBy(1'000), "");
  Deadline a = Named("a");
  a.Arm(At(1));
  EXPECT_EQ(FiredBy(1'004), "a");
}

TEST_F(DeadlineWheelTest, ADeadlineBeyondAWholeTurnWaitsForItsOwnTurn) {
  Deadline a = Named("a"), b = Named("b");
  a.Arm(At(4096 * 5 + 10));  // the wheel turns once in 4,096 ms
  b.Arm(At(10));
  EXPECT_EQ(FiredBy(14), "b");
  for (int turn = 1; turn <= 5; ++turn) EXPECT_EQ(FiredBy(4096 * turn + 5), "") << turn;
  EXPECT_EQ(FiredBy(4096 * 5 + 14), "a");
}

TEST_F(DeadlineWheelTest, ASleepOfManyTurnsMissesNothing) {
  Deadline a = Named("a"), b = Named("b"), c = Named("c");
  a.Arm(At(10));
  b.Arm(At(4'000));
  c.Arm(At(3'600'000));
  fired_.clear();
  wheel_.FireExpired(At(3'599'000));
  std::ranges::sort(fired_);  // what overslept a turn has no order
  EXPECT_EQ(fired_, "ab");
  EXPECT_EQ(FiredBy(3'600'004), "c");
}

TEST_F(DeadlineWheelTest, ACallbackMayArmItselfAgain) {
  int count = 0;
  std::optional<Deadline> a;
  a.emplace(wheel_, [&] {
    if (++count < 3) a->Arm(At(10 * (count + 1)));
  });
  a->Arm(At(10));
  wheel_.FireExpired(At(14));
  EXPECT_EQ(count, 1);
  EXPECT_TRUE(a->armed());
  wheel_.FireExpired(At(24));
  EXPECT_EQ(count, 2);
  wheel_.FireExpired(At(34));
  wheel_.FireExpired(At(1'000));
  EXPECT_EQ(count, 3);
}

TEST_F(DeadlineWheelTest, ACallbackThatArmsForThePastDoesNotLoopForEver) {
  int count = 0;
  std::optional<Deadline> a;
  a.emplace(wheel_, [&] {
    ++count;
    a->Arm(At(0));
  });
  a->Arm(At(10));
  wheel_.FireExpired(At(20));
  EXPECT_EQ(count, 1);
  wheel_.FireExpired(At(24));
  EXPECT_EQ(count, 2);
}

TEST_F(DeadlineWheelTest, ACallbackMayDisarmAndDestroyOthersThatAreDueToo) {
  auto b = std::make_unique<Deadline>(wheel_, [this] { fired_ += "b"; });
  Deadline c = Named("c"), d = Named("d");
  Deadline a(wheel_, [&] {
    fired_ += "a";
    b.reset();
    c.Disarm();
    d.Arm(At(1'000));
  });
  a.Arm(At(10));
  b->Arm(At(10));
  c.Arm(At(11));
  d.Arm(At(11));
  EXPECT_EQ(FiredBy(100), "a");
  EXPECT_EQ(FiredBy(1'004), "d");
}

TEST_F(DeadlineWheelTest, ItsOwnTimerFiresOnTheLoop) {
  Deadline a = Named("a"), b = Named("b");
  const auto begun = Clock::now();
  a.Arm(begun + milliseconds(20));
  b.Arm(begun + milliseconds(5));
  while (fired_.size() < 2 && loop_.run_one_for(std::chrono::seconds(20)) > 0) {
  }
  EXPECT_EQ(fired_, "ba");
  EXPECT_GE(Clock::now() - begun, milliseconds(20));
}

TEST_F(DeadlineWheelTest, AnEmptyWheelLetsItsLoopEnd) {
  {
    Deadline a = Named("a");
    a.Arm(Clock::now() + milliseconds(1));
  }
  loop_.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(loop_.stopped());  // no work is left, long before the time is up
  EXPECT_EQ(fired_, "");
}

// Random arming, disarming and passing of time against a map.
TEST_F(DeadlineWheelTest, RandomUseDoesWhatASimpleReferenceDoes) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  std::mt19937_64 random(seed);
  constexpr size_t kDeadlines = 40;
  std::map<size_t, std::int64_t> reference;  // armed ones and their times
  std::vector<size_t> fired;
  std::vector<std::unique_ptr<Deadline>> deadlines;
  for (size_t i = 0; i < kDeadlines; ++i)
    deadlines.push_back(std::make_unique<Deadline>(wheel_, [&fired, i] { fired.push_back(i); }));
  std::int64_t now = 0;
  for (int step = 0; step < 50'000; ++step) {
    const size_t i = random() % kDeadlines;
    switch (random() % 4) {
      case 0:
      case 1: {
        const std::int64_t ahead = random() % 8 == 0 ? static_cast<std::int64_t>(random() % 20'000)
                                                     : static_cast<std::int64_t>(random() % 300) - 20;
        deadlines[i]->Arm(At(now + ahead));
        reference[i] = now + ahead;
        break;
      }
      case 2:
        deadlines[i]->Disarm();
        reference.erase(i);
        break;
      case 3: {
        now += static_cast<std::int64_t>(random() % (random() % 50 == 0 ? 10'000 : 40));
        const std::int64_t overdue = now;
        for (const std::int64_t sweep : {now, now + 4}) {  // a tick later all that is due now has fired
          fired.clear();
          wheel_.FireExpired(At(now = sweep));
          for (const size_t f : fired) {
            ASSERT_TRUE(reference.contains(f)) << "step " << step << ": fired but not armed";
            ASSERT_LE(reference[f], now) << "step " << step << ": fired early";
            reference.erase(f);
          }
        }
        for (size_t f = 0; f < kDeadlines; ++f) {
          ASSERT_EQ(deadlines[f]->armed(), reference.contains(f)) << "step " << step;
          ASSERT_TRUE(!deadlines[f]->armed() || reference[f] > overdue) << "step " << step << ": late";
        }
        break;
      }
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
