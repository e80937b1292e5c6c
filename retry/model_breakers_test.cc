#include "retry/model_breakers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;
using Change = ModelBreakers::Change;
using State = ModelBreakers::State;
using TimePoint = ModelBreakers::TimePoint;

constexpr BreakerPolicy kPolicy{.failures = 3, .open_for = milliseconds(1000)};

class ModelBreakersTest : public ::testing::Test {
 protected:
  ModelBreakersTest() { breakers_.SetListed({"gpt-4o"}); }

  Change Fail(const std::string& model) {
    const auto ticket = breakers_.Admit(model, now_);
    EXPECT_TRUE(ticket) << model;
    return ticket ? breakers_.OnExhausted(model, *ticket, now_) : Change::kNone;
  }
  Change Answer(const std::string& model, bool served = true) {
    const auto ticket = breakers_.Admit(model, now_);
    EXPECT_TRUE(ticket) << model;
    return ticket ? breakers_.OnAnswered(model, *ticket, now_, served) : Change::kNone;
  }
  void Open(const std::string& model) {
    for (int i = 0; i < kPolicy.failures; ++i) Fail(model);
  }
  void Invent(int models, int failures) {
    for (int i = 0; i < models; ++i) {
      for (int k = 0; k < failures; ++k) Fail("junk-" + std::to_string(invented_));
      ++invented_;
      now_ += milliseconds(1);
    }
  }
  // Of all models.
  State Worst() const {
    State worst = State::kClosed;
    for (const auto& one : breakers_.All(now_)) {
      if (one.state == State::kOpen) return State::kOpen;
      if (one.state == State::kHalfOpen) worst = State::kHalfOpen;
    }
    return worst;
  }
  bool Remembers(const std::string& model) const {
    const auto all = breakers_.All(now_);
    return std::ranges::any_of(all, [&](const auto& one) { return one.model == model; });
  }

  TimePoint now_{milliseconds(1'000'000)};
  ModelBreakers breakers_{kPolicy};
  int invented_ = 0;
};

TEST_F(ModelBreakersTest, EachModelHasItsOwn) {
  Open("bad");
  EXPECT_FALSE(breakers_.Admit("bad", now_));
  EXPECT_TRUE(breakers_.Admit("good", now_));
  EXPECT_EQ(Worst(), State::kOpen);
  EXPECT_EQ(breakers_.opens_until("bad"), now_ + kPolicy.open_for);
}

TEST_F(ModelBreakersTest, SaysWhatAnEndHasChanged) {
  EXPECT_EQ(Fail("m"), Change::kNone);
  EXPECT_EQ(Fail("m"), Change::kNone);
  EXPECT_EQ(Fail("m"), Change::kOpened);
  now_ += kPolicy.open_for;
  EXPECT_EQ(Fail("m"), Change::kReopened);
  now_ += kPolicy.open_for;
  EXPECT_EQ(Answer("m"), Change::kClosed);
  EXPECT_EQ(Answer("m"), Change::kNone);
}

TEST_F(ModelBreakersTest, AListedModelIsNotTouchedByAnyCrowd) {
  Invent(1'000, 1);
  EXPECT_EQ(Answer("gpt-4o"), Change::kNone);
  Open("gpt-4o");
  EXPECT_FALSE(breakers_.Admit("gpt-4o", now_)) << "it has a breaker of its own behind so many";
  EXPECT_EQ(breakers_.size(), ModelBreakers::kMaxUnlisted + 1) << "and takes none's place";
  Invent(1'000, kPolicy.failures);
  EXPECT_EQ(breakers_.state("gpt-4o", now_ - milliseconds(1'001)), State::kOpen) << "which stays";
  EXPECT_EQ(breakers_.size(), ModelBreakers::kMaxUnlisted + 1);
}

TEST_F(ModelBreakersTest, AModelThatNobodyListsDoesNotPayForACrowdEither) {
  Invent(1'000, kPolicy.failures);
  for (int i = 0; i < 100; ++i) Answer("llama");
  EXPECT_EQ(breakers_.state("llama", now_), State::kClosed);
}

TEST_F(ModelBreakersTest, WhatIsClosedIsForgottenBeforeWhatIsOpen) {
  Open("down");
  Invent(static_cast<int>(ModelBreakers::kMaxUnlisted) * 2, 1);
  EXPECT_EQ(breakers_.state("down", now_), State::kOpen);
  now_ += kPolicy.open_for;
  Invent(static_cast<int>(ModelBreakers::kMaxUnlisted), 1);
  EXPECT_FALSE(Remembers("down")) << "half open, and asked for longest ago";
}

TEST_F(ModelBreakersTest, WhatIsAskedForStays) {
  Fail("busy");
  for (int i = 0; i < 10; ++i) {
    Invent(static_cast<int>(ModelBreakers::kMaxUnlisted) - 1, 1);
    breakers_.OnAborted("busy", *breakers_.Admit("busy", now_));
  }
  Fail("busy");
  EXPECT_EQ(Fail("busy"), Change::kOpened) << "its first failure still counts";
}

TEST_F(ModelBreakersTest, WhatWasServedLastIsKnown) {
  Answer("llama");
  Answer("mistral", false);
  EXPECT_TRUE(Remembers("llama"));
  EXPECT_FALSE(Remembers("mistral")) << "a refusal is no service";
  now_ += milliseconds(1);
  Invent(static_cast<int>(ModelBreakers::kMaxUnlisted) * 2, kPolicy.failures);
  EXPECT_TRUE(Remembers("llama"));
  EXPECT_EQ(breakers_.size(), ModelBreakers::kMaxUnlisted);
}

TEST_F(ModelBreakersTest, ACrowdThatIsServedDoesNotHideOneThatFails) {
  Fail("down");
  for (int i = 0; i < 1'000; ++i) {
    Answer("served-" + std::to_string(i));
    now_ += milliseconds(1);
  }
  Fail("down");
  EXPECT_EQ(Fail("down"), Change::kOpened);
}

TEST_F(ModelBreakersTest, AHalfOpenOneThatNobodyAsksIsTakenForClosedAfterAWhile) {
  Open("junk");
  now_ += kPolicy.open_for;
  EXPECT_EQ(Worst(), State::kHalfOpen);
  now_ += ModelBreakers::kUnasked;
  EXPECT_EQ(Worst(), State::kClosed);
  EXPECT_TRUE(breakers_.Admit("junk", now_));
  EXPECT_FALSE(breakers_.Admit("junk", now_)) << "one probe still";
}

TEST_F(ModelBreakersTest, TheWhileBeginsWhenItIsNoLongerOpen) {
  breakers_.SetPolicy({.failures = kPolicy.failures, .open_for = 10 * ModelBreakers::kUnasked});
  Open("junk");
  now_ += 10 * ModelBreakers::kUnasked;
  EXPECT_EQ(Worst(), State::kHalfOpen);
  now_ += ModelBreakers::kUnasked;
  EXPECT_EQ(Worst(), State::kClosed);
}

TEST_F(ModelBreakersTest, OfAListedModelItIsHalfOpenUntilSomebodyAsks) {
  Open("gpt-4o");
  now_ += kPolicy.open_for + ModelBreakers::kUnasked * 10;
  EXPECT_EQ(Worst(), State::kHalfOpen);
  Answer("gpt-4o");
  EXPECT_EQ(Worst(), State::kClosed);
}

TEST_F(ModelBreakersTest, ATicketOfAForgottenBreakerSaysNothing) {
  Open("old");
  now_ += kPolicy.open_for;
  const auto probe = breakers_.Admit("old", now_);
  ASSERT_TRUE(probe);
  now_ += milliseconds(1);
  Invent(static_cast<int>(ModelBreakers::kMaxUnlisted), 1);
  ASSERT_FALSE(Remembers("old"));
  EXPECT_EQ(breakers_.OnExhausted("old", *probe, now_), Change::kNone);
  EXPECT_FALSE(Remembers("old")) << "or it would take another's place";
  Open("old");
  now_ += kPolicy.open_for;
  ASSERT_TRUE(breakers_.Admit("old", now_));
  breakers_.OnAborted("old", *probe);
  EXPECT_FALSE(breakers_.Admit("old", now_)) << "the place of another's probe";
}

TEST_F(ModelBreakersTest, WithoutALimitNothingIsRemembered) {
  Open("m");
  breakers_.SetPolicy({.failures = 0});
  EXPECT_TRUE(breakers_.Admit("m", now_));
  Invent(10, 10);
  Answer("llama");
  EXPECT_EQ(breakers_.size(), 0u);
}

TEST_F(ModelBreakersTest, AListThatChangesTakesWhatItKnowsAlong) {
  Open("llama");
  breakers_.SetListed({"llama"});
  Invent(1'000, kPolicy.failures);
  EXPECT_TRUE(Remembers("llama"));
  breakers_.SetListed({});
  Invent(1'000, kPolicy.failures);
  EXPECT_FALSE(Remembers("llama"));
}

// Random requests for listed models, for a few that are not, and for inventions, held against a breaker of
// its own for each of the former.
class RandomModels {
 public:
  explicit RandomModels(std::mt19937& random) : random_(random) {
    breakers_.SetListed({"listed-0", "listed-1"});
  }

  void Step() {
    now_ += milliseconds(random_() % 20);
    if (in_flight_.empty() || random_() % 2 == 0) {
      Begin();
    } else {
      End();
    }
    for (const auto& [model, alone] : alone_)
      ASSERT_EQ(breakers_.state(model, now_), alone.state(now_)) << model;
    ASSERT_LE(breakers_.size(), ModelBreakers::kMaxUnlisted + 2);
  }
  int opened() const { return opened_; }

 private:
  struct Request {
    std::string model;
    ModelBreakers::Ticket ticket, alone;
  };

  std::string AnyModel() {
    switch (random_() % 4) {
      case 0:
        return "listed-" + std::to_string(random_() % 2);
      case 1:
        return "good";
      default:
        return "junk-" + std::to_string(random_() % 1'000);
    }
  }

  void Begin() {
    const std::string model = AnyModel();
    const auto ticket = breakers_.Admit(model, now_);
    Request request{model, ticket.value_or(ModelBreakers::Ticket()), {}};
    if (model.starts_with("listed")) {
      const auto alone = alone_.at(model).Admit(now_);
      ASSERT_EQ(ticket.has_value(), alone.has_value());
      request.alone = alone.value_or(ModelBreakers::Ticket());
    }
    if (model == "good") {
      ASSERT_TRUE(ticket);
    }
    if (ticket) in_flight_.push_back(std::move(request));
  }

  void End() {
    const auto which = static_cast<std::ptrdiff_t>(random_() % in_flight_.size());
    Request request = in_flight_[static_cast<std::size_t>(which)];
    in_flight_.erase(in_flight_.begin() + which);
    const unsigned end = request.model == "good" ? 0 : random_() % 4;
    const auto alone = alone_.find(request.model);
    const bool known = alone != alone_.end();
    if (random_() % 2 == 0) {
      const State probed = breakers_.state(request.model, now_);
      const Change begun = breakers_.OnBegun(request.model, request.ticket, now_);
      if (known) alone->second.OnBegun(request.alone);
      ASSERT_EQ(begun, breakers_.state(request.model, now_) == probed ? Change::kNone : Change::kClosed);
    }
    const State before = breakers_.state(request.model, now_);
    Change change = Change::kNone;
    if (end == 0) {
      change = breakers_.OnAnswered(request.model, request.ticket, now_, random_() % 2 == 0);
      if (known) alone->second.OnAnswered(request.alone);
    } else if (end == 1) {
      breakers_.OnAborted(request.model, request.ticket);
      if (known) alone->second.OnAborted(request.alone);
    } else {
      change = breakers_.OnExhausted(request.model, request.ticket, now_);
      if (known) alone->second.OnExhausted(request.alone, now_);
    }
    const State after = breakers_.state(request.model, now_);
    ASSERT_EQ(change != Change::kNone, before != after);
    ASSERT_EQ(change == Change::kOpened, before == State::kClosed && after == State::kOpen);
    ASSERT_EQ(change == Change::kReopened, before == State::kHalfOpen && after == State::kOpen);
    opened_ += change == Change::kOpened;
  }

  std::mt19937& random_;
  const BreakerPolicy policy_{.failures = 1 + static_cast<int>(random_() % 3),
                              .open_for = milliseconds(1 + random_() % 500)};
  ModelBreakers breakers_{policy_};
  std::map<std::string, CircuitBreaker> alone_{{"listed-0", CircuitBreaker(policy_)},
                                               {"listed-1", CircuitBreaker(policy_)}};
  TimePoint now_{milliseconds(1'000'000)};
  std::vector<Request> in_flight_;
  int opened_ = 0;
};

TEST(ModelBreakersPropertyTest, NoModelMeetsAnotherOnesBreaker) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int opened = 0;
  for (int run = 0; run < 10; ++run) {
    RandomModels models(random);
    for (int step = 0; step < 4'000; ++step) ASSERT_NO_FATAL_FAILURE(models.Step());
    opened += models.opened();
  }
  EXPECT_GT(opened, 300);
}

}  // namespace
}  // namespace arbstr::retry
