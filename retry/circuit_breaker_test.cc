#include "retry/circuit_breaker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;
using State = CircuitBreaker::State;
using TimePoint = CircuitBreaker::TimePoint;

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void Fail() {
    const auto ticket = breaker_.Admit(now_);
    ASSERT_TRUE(ticket);
    breaker_.OnExhausted(*ticket, now_);
  }
  void Succeed() {
    const auto ticket = breaker_.Admit(now_);
    ASSERT_TRUE(ticket);
    breaker_.OnAnswered(*ticket);
  }
  void Pass(milliseconds time) { now_ += time; }
  State state() const { return breaker_.state(now_); }

  TimePoint now_{milliseconds(1'000'000)};
  CircuitBreaker breaker_{{.failures = 3, .open_for = milliseconds(1000)}};
};

TEST_F(CircuitBreakerTest, OpensAfterThatManyFailuresInARow) {
  Fail();
  Fail();
  EXPECT_EQ(state(), State::kClosed);
  Fail();
  EXPECT_EQ(state(), State::kOpen);
  EXPECT_FALSE(breaker_.Admit(now_));
  EXPECT_EQ(breaker_.opens_until(), now_ + milliseconds(1000));
}

TEST_F(CircuitBreakerTest, AnAnswerBeginsTheCountAnew) {
  for (int round = 0; round < 3; ++round) {
    Fail();
    Fail();
    Succeed();
  }
  EXPECT_EQ(state(), State::kClosed);
}

TEST_F(CircuitBreakerTest, AnAbortedRequestNeitherCountsNorResets) {
  Fail();
  Fail();
  breaker_.OnAborted(*breaker_.Admit(now_));
  EXPECT_EQ(state(), State::kClosed);
  Fail();
  EXPECT_EQ(state(), State::kOpen);
}

TEST_F(CircuitBreakerTest, LetsOneProbeThroughWhenItsTimeIsOver) {
  for (int i = 0; i < 3; ++i) Fail();
  Pass(milliseconds(999));
  EXPECT_FALSE(breaker_.Admit(now_));
  Pass(milliseconds(1));
  EXPECT_EQ(state(), State::kHalfOpen);
  const auto probe = breaker_.Admit(now_);
  ASSERT_TRUE(probe);
  EXPECT_FALSE(breaker_.Admit(now_)) << "one probe";
  breaker_.OnAnswered(*probe);
  EXPECT_EQ(state(), State::kClosed);
  EXPECT_TRUE(breaker_.Admit(now_));
}

TEST_F(CircuitBreakerTest, AFailedProbeOpensItAgainForAsLong) {
  for (int i = 0; i < 3; ++i) Fail();
  Pass(milliseconds(1500));
  Fail();
  EXPECT_EQ(state(), State::kOpen);
  EXPECT_EQ(breaker_.opens_until(), now_ + milliseconds(1000));
}

TEST_F(CircuitBreakerTest, AnAbortedProbeLeavesItsPlaceToTheNextRequest) {
  for (int i = 0; i < 3; ++i) Fail();
  Pass(milliseconds(1000));
  breaker_.OnAborted(*breaker_.Admit(now_));
  EXPECT_EQ(state(), State::kHalfOpen);
  Succeed();
  EXPECT_EQ(state(), State::kClosed);
}

TEST_F(CircuitBreakerTest, AProbeWhoseStreamHasBegunClosesItAndItsEndCounts) {
  for (int i = 0; i < 3; ++i) Fail();
  Pass(milliseconds(1000));
  auto ticket = *breaker_.Admit(now_);
  EXPECT_FALSE(breaker_.Admit(now_));
  breaker_.OnBegun(ticket);
  EXPECT_EQ(state(), State::kClosed);
  Fail();
  Fail();
  EXPECT_EQ(state(), State::kClosed);
  breaker_.OnExhausted(ticket, now_);
  EXPECT_EQ(state(), State::kOpen) << "the third in a row";
}

TEST_F(CircuitBreakerTest, AStreamThatBeginsWhileItIsClosedIsNoAnswerYet) {
  Fail();
  Fail();
  auto ticket = *breaker_.Admit(now_);
  breaker_.OnBegun(ticket);
  breaker_.OnExhausted(ticket, now_);
  EXPECT_EQ(state(), State::kOpen);
}

TEST_F(CircuitBreakerTest, TheEndOfARequestFromBeforeTheOutageSaysNothing) {
  const auto early = *breaker_.Admit(now_);
  const auto other = *breaker_.Admit(now_);
  for (int i = 0; i < 3; ++i) Fail();
  breaker_.OnAnswered(early);
  EXPECT_EQ(state(), State::kOpen);
  Pass(milliseconds(1000));
  const auto probe = *breaker_.Admit(now_);
  breaker_.OnExhausted(other, now_);
  EXPECT_EQ(state(), State::kHalfOpen);
  breaker_.OnAnswered(probe);
  EXPECT_EQ(state(), State::kClosed);
}

TEST_F(CircuitBreakerTest, WithoutALimitItNeverOpens) {
  breaker_ = CircuitBreaker({.failures = 0, .open_for = milliseconds(1000)});
  for (int i = 0; i < 1000; ++i) Fail();
  EXPECT_EQ(state(), State::kClosed);
}

// Random requests of one breaker, which end in any order. What it promised is checked at each step.
class RandomRequests {
 public:
  explicit RandomRequests(std::mt19937& random) : random_(random) {}

  void Step() {
    now_ += milliseconds(random_() % 10);
    if (in_flight_.empty() || random_() % 2 == 0) {
      Begin();
    } else if (random_() % 4 == 0) {
      BeginStream();
    } else {
      End();
    }
  }
  int opened() const { return opened_; }
  int closed() const { return closed_; }

 private:
  void Begin() {
    const State before = breaker_.state(now_);
    const auto ticket = breaker_.Admit(now_);
    if (before == State::kOpen) {
      ASSERT_FALSE(ticket);
    }
    if (before == State::kClosed) {
      ASSERT_TRUE(ticket);
    }
    // Half open: one at a time. A ticket of the present state is a probe, since each state has its
    // generation.
    const bool probing = std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& other) {
      return ticket && other.generation == ticket->generation;
    });
    if (before == State::kHalfOpen) {
      ASSERT_FALSE(ticket && probing);
    }
    if (ticket) in_flight_.push_back(*ticket);
    ASSERT_EQ(breaker_.state(now_), before) << "letting a request through changes nothing";
  }

  void BeginStream() {
    const State before = breaker_.state(now_);
    auto& ticket = in_flight_[random_() % in_flight_.size()];
    breaker_.OnBegun(ticket);
    const State after = breaker_.state(now_);
    if (after == before) return;
    ASSERT_EQ(before, State::kHalfOpen) << "of a probe alone";
    ASSERT_EQ(after, State::kClosed);
    ++closed_;
  }

  void End() {
    const State before = breaker_.state(now_);
    const std::size_t which = random_() % in_flight_.size();
    const auto ticket = in_flight_[which];
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(which));
    const unsigned end = random_() % 3;
    if (end == 0) breaker_.OnAnswered(ticket);
    if (end == 1) breaker_.OnExhausted(ticket, now_);
    if (end == 2) breaker_.OnAborted(ticket);
    const State after = breaker_.state(now_);
    if (after == before) return;
    if (after == State::kClosed) {
      ASSERT_EQ(end, 0u) << "only an answer closes it";
      ++closed_;
    } else {
      ASSERT_EQ(end, 1u) << "only a failure opens it";
      ASSERT_EQ(after, State::kOpen);
      ASSERT_EQ(breaker_.opens_until(), now_ + policy_.open_for);
      ++opened_;
    }
  }

  std::mt19937& random_;
  const BreakerPolicy policy_{.failures = 1 + static_cast<int>(random_() % 4),
                              .open_for = milliseconds(1 + random_() % 50)};
  CircuitBreaker breaker_{policy_};
  TimePoint now_{milliseconds(1'000'000)};
  std::vector<CircuitBreaker::Ticket> in_flight_;
  int opened_ = 0, closed_ = 0;
};

TEST(CircuitBreakerPropertyTest, RandomRequestsKeepItsPromises) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int opened = 0, closed = 0;
  for (int run = 0; run < 2'000; ++run) {
    RandomRequests requests(random);
    for (int step = 0; step < 200; ++step) ASSERT_NO_FATAL_FAILURE(requests.Step());
    opened += requests.opened();
    closed += requests.closed();
  }
  EXPECT_GT(opened, 1000);
  EXPECT_GT(closed, 100);
}

}  // namespace
}  // namespace arbstr::retry
