#include "retry/state_machine.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace arbstr::retry {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Report = StateMachine::Report;

const char* Name(Stop::Reason reason) {
  switch (reason) {
    case Stop::Reason::kAnswered:
      return "answered";
    case Stop::Reason::kFinal:
      return "final";
    case Stop::Reason::kExhausted:
      return "exhausted";
    case Stop::Reason::kDeadline:
      return "deadline";
    case Stop::Reason::kClientGone:
      return "client gone";
    case Stop::Reason::kNoCandidate:
      return "no candidate";
  }
  return "?";
}

// A request that arrives at 0 ms with a deadline of 30 s. Each step names the time at which it happens and is
// answered by what is decided: "try CANDIDATE at MILLISECONDS", or why it is over.
class StateMachineTest : public testing::Test {
 protected:
  std::string Start(int candidates, milliseconds now = 0ms) {
    machine_ = std::make_unique<StateMachine>(policy_, candidates, TimePoint{deadline_});
    return Show(machine_->Start(TimePoint{now}));
  }
  std::string At(milliseconds now, Outcome outcome) {
    return At(now, Report{.outcome = outcome, .retry_after = {}});
  }
  std::string At(milliseconds now, const Report& report) {
    return Show(machine_->OnOutcome(report, TimePoint{now}));
  }
  // A retryable failure that carries a Retry-After.
  std::string At(milliseconds now, milliseconds retry_after) {
    return At(now, Report{.outcome = Outcome::kRetryable, .retry_after = retry_after});
  }
  std::string Interrupt(bool client_gone) { return Show(machine_->OnWaitInterrupted(client_gone)); }
  int attempts() const { return machine_->attempts(); }
  NotRetried not_retried() const { return machine_->not_retried(); }

  RetryPolicy policy_;
  milliseconds deadline_ = 30s;

 private:
  static std::string Show(const Decision& decision) {
    if (const Stop* stop = std::get_if<Stop>(&decision)) return Name(stop->reason);
    const Attempt& attempt = std::get<Attempt>(decision);
    const auto at = std::chrono::duration_cast<milliseconds>(attempt.at.time_since_epoch());
    return "try " + std::to_string(attempt.candidate) + " at " + std::to_string(at.count());
  }

  std::unique_ptr<StateMachine> machine_;
};

TEST_F(StateMachineTest, TheFirstAttemptBeginsAtOnceAndItsSuccessIsTheAnswer) {
  EXPECT_EQ(Start(2, 5ms), "try 0 at 5");
  EXPECT_EQ(At(100ms, Outcome::kAnswered), "answered");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, ThePrimaryIsRetriedWithBackoffThenTheFallbackTriedOnceAtOnce) {
  EXPECT_EQ(Start(3), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kRetryable), "try 0 at 3020");
  EXPECT_EQ(At(3030ms, Outcome::kRetryable), "try 1 at 3030");
  EXPECT_EQ(At(3040ms, Outcome::kRetryable), "exhausted");
  EXPECT_EQ(attempts(), 4);
}

TEST_F(StateMachineTest, ARetryThatSucceedsIsTheAnswer) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kAnswered), "answered");
  EXPECT_EQ(attempts(), 2);
}

TEST_F(StateMachineTest, AFinalStatusEndsItWhereverItComes) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kFinal), "final");

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kFinal), "final");

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kNextProvider), "try 1 at 10");
  EXPECT_EQ(At(20ms, Outcome::kFinal), "final");
}

TEST_F(StateMachineTest, NextProviderIsNotTriedAgainHereButNextDoorAtOnce) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(3000ms, Outcome::kNextProvider), "try 1 at 3000");
  EXPECT_EQ(At(3010ms, Outcome::kAnswered), "answered");
}

TEST_F(StateMachineTest, NextProviderInTheMiddleOfRetriesLeavesThePrimary) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kNextProvider), "try 1 at 1020");
  EXPECT_EQ(At(1030ms, Outcome::kNextProvider), "exhausted");
  EXPECT_EQ(attempts(), 3);
}

TEST_F(StateMachineTest, NextProviderWithoutANextOneAnswersTheFailure) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kNextProvider), "exhausted");
}

TEST_F(StateMachineTest, EachFallbackGetsOneAttemptUpToTheirNumber) {
  policy_.max_retries = 0;
  policy_.fallbacks = 2;
  EXPECT_EQ(Start(5), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 1 at 10");
  EXPECT_EQ(At(20ms, Outcome::kRetryable), "try 2 at 20");
  EXPECT_EQ(At(30ms, Outcome::kRetryable), "exhausted");
  EXPECT_EQ(attempts(), 3);
}

TEST_F(StateMachineTest, WithoutRetriesAndFallbacksThereIsOneAttempt) {
  policy_.max_retries = 0;
  policy_.fallbacks = 0;
  EXPECT_EQ(Start(5), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "exhausted");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, JitterComesFromTheDrawThatIsPassedIn) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, Report{.outcome = Outcome::kRetryable, .retry_after = {}, .draw = 0.5}),
            "try 0 at 1110");
}

TEST_F(StateMachineTest, RetryAfterRaisesTheWait) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, 3000ms), "try 0 at 3010");
  EXPECT_EQ(At(3020ms, 5000ms), "try 0 at 8020");
}

TEST_F(StateMachineTest, RetryAfterNeverShortensTheWait) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, 0ms), "try 0 at 1010");
  EXPECT_EQ(At(1020ms, 1999ms), "try 0 at 3020");
}

TEST_F(StateMachineTest, ANegativeRetryAfterIsIgnored) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, milliseconds::min()), "try 0 at 1010");
}

TEST_F(StateMachineTest, ALongRetryAfterIsNotWaitedForWhileACandidateIsLeft) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, 5001ms), "try 1 at 10");
}

TEST_F(StateMachineTest, ALongRetryAfterIsWaitedForWhereNoCandidateIsLeft) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, 20s), "try 0 at 20010");
}

TEST_F(StateMachineTest, ACandidateBeyondTheFallbacksIsNotLeft) {
  policy_.fallbacks = 0;
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, 20s), "try 0 at 20010");
}

TEST_F(StateMachineTest, ARetryAfterBeyondTheDeadlineIsAnsweredAtOnceWhereNoCandidateIsLeft) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, 30s), "exhausted");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, AnAbsurdRetryAfterDoesNotOverflow) {
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, milliseconds::max()), "exhausted");
}

TEST_F(StateMachineTest, RetryAfterOnAFallbackOrOtherOutcomeChangesNothing) {
  policy_.fallbacks = 2;
  EXPECT_EQ(Start(3), "try 0 at 0");
  EXPECT_EQ(At(10ms, Report{.outcome = Outcome::kNextProvider, .retry_after = 9s}), "try 1 at 10");
  EXPECT_EQ(At(20ms, 1s), "try 2 at 20");
}

TEST_F(StateMachineTest, ABackoffThatDoesNotFitBeforeTheDeadlineGoesToTheFallback) {
  deadline_ = 1010ms;
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 1 at 10");

  deadline_ = 1011ms;
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
}

TEST_F(StateMachineTest, ABackoffThatDoesNotFitIsAnsweredAtOnceWhereNoCandidateIsLeft) {
  deadline_ = 500ms;
  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "exhausted");
}

TEST_F(StateMachineTest, ARetryTheBudgetRefusesGoesToTheFallbackAtOnce) {
  const Report refused{.outcome = Outcome::kRetryable, .retry_after = {}, .retry_allowed = false};
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, refused), "try 1 at 10");

  EXPECT_EQ(Start(1), "try 0 at 0");
  EXPECT_EQ(At(10ms, refused), "exhausted");
}

TEST_F(StateMachineTest, ItSaysWhyThePrimaryWasLeftThoughRetriesWereLeft) {
  const Report refused{.outcome = Outcome::kRetryable, .retry_after = {}, .retry_allowed = false};
  Start(2);
  At(10ms, refused);
  EXPECT_EQ(not_retried(), NotRetried::kBudget);
  At(20ms, refused);
  EXPECT_EQ(not_retried(), NotRetried::kBudget) << "a fallback has no retries";
  Start(2);
  At(10ms, policy_.retry_after_max + 1ms);
  EXPECT_EQ(not_retried(), NotRetried::kRetryAfter);
  Start(1);
  At(10ms, deadline_);
  EXPECT_EQ(not_retried(), NotRetried::kDeadline) << "asked for";
  Start(1);
  At(deadline_ - 1ms, Outcome::kRetryable);
  EXPECT_EQ(not_retried(), NotRetried::kDeadline) << "by backoff";

  Start(2);
  At(10ms, Outcome::kRetryable);
  At(1020ms, Outcome::kRetryable);
  EXPECT_EQ(At(3030ms, refused), "try 1 at 3030");
  EXPECT_EQ(not_retried(), NotRetried::kNot) << "there was no retry left";
  Start(2);
  At(10ms, Report{.outcome = Outcome::kNextProvider, .retry_after = {}, .retry_allowed = false});
  EXPECT_EQ(not_retried(), NotRetried::kNot) << "it is not an outcome to retry";
}

TEST_F(StateMachineTest, TheDeadlineThatCutsAnAttemptEndsItAndTheAttemptCounts) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(30s, Outcome::kDeadline), "deadline");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, NothingBeginsOnceTheDeadlineHasPassed) {
  EXPECT_EQ(Start(2, 30s), "deadline");
  EXPECT_EQ(attempts(), 0);

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(30s, Outcome::kRetryable), "deadline");

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(31s, Outcome::kNextProvider), "deadline");

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(30s, Outcome::kSkipped), "deadline");
}

TEST_F(StateMachineTest, AnAnswerThatCameInIsGivenEvenIfTheDeadlineHasJustPassed) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(30s + 1ms, Outcome::kAnswered), "answered");

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(30s + 1ms, Outcome::kFinal), "final");
}

TEST_F(StateMachineTest, AClientThatLeavesDuringAnAttemptEndsItAndTheAttemptCounts) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kClientGone), "client gone");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, AWaitThatIsInterruptedCountsNoAttempt) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(Interrupt(/*client_gone=*/true), "client gone");
  EXPECT_EQ(attempts(), 1);

  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(Interrupt(/*client_gone=*/false), "deadline");
  EXPECT_EQ(attempts(), 1);
}

TEST_F(StateMachineTest, TheFirstOneActuallyTriedIsThePrimary) {
  EXPECT_EQ(Start(4), "try 0 at 0");
  EXPECT_EQ(At(0ms, Outcome::kSkipped), "try 1 at 0");
  EXPECT_EQ(At(0ms, Outcome::kSkipped), "try 2 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 2 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kRetryable), "try 2 at 3020");
  EXPECT_EQ(At(3030ms, Outcome::kRetryable), "try 3 at 3030");
  EXPECT_EQ(At(3040ms, Outcome::kRetryable), "exhausted");
  EXPECT_EQ(attempts(), 4);
}

TEST_F(StateMachineTest, ASkippedFallbackIsNotUsedUp) {
  policy_.max_retries = 0;
  EXPECT_EQ(Start(4), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 1 at 10");
  EXPECT_EQ(At(10ms, Outcome::kSkipped), "try 2 at 10");
  EXPECT_EQ(At(20ms, Outcome::kRetryable), "exhausted");
  EXPECT_EQ(attempts(), 2);
}

TEST_F(StateMachineTest, ARetryThatIsSkippedGoesToTheNextCandidate) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 0 at 1010");
  EXPECT_EQ(At(1010ms, Outcome::kSkipped), "try 1 at 1010");
  EXPECT_EQ(At(1020ms, Outcome::kAnswered), "answered");
  EXPECT_EQ(attempts(), 2);
}

TEST_F(StateMachineTest, WhereAllAreSkippedThereIsNoCandidate) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(0ms, Outcome::kSkipped), "try 1 at 0");
  EXPECT_EQ(At(0ms, Outcome::kSkipped), "no candidate");
  EXPECT_EQ(attempts(), 0);
  EXPECT_EQ(Start(0), "no candidate");
}

TEST_F(StateMachineTest, WhereOnlyTheFallbacksAreSkippedTheFailureIsAnswered) {
  policy_.max_retries = 0;
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kRetryable), "try 1 at 10");
  EXPECT_EQ(At(10ms, Outcome::kSkipped), "exhausted");
}

TEST_F(StateMachineTest, AfterTheEndEverythingIsAnsweredByThatEnd) {
  EXPECT_EQ(Start(2), "try 0 at 0");
  EXPECT_EQ(At(10ms, Outcome::kAnswered), "answered");
  EXPECT_EQ(At(20ms, Outcome::kRetryable), "answered");
  EXPECT_EQ(Interrupt(/*client_gone=*/true), "answered");
  EXPECT_EQ(attempts(), 1);
}

}  // namespace
}  // namespace arbstr::retry
