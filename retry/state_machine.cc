#include "retry/state_machine.h"

#include <algorithm>
#include <cassert>

#include "retry/backoff.h"

namespace arbstr::retry {

StateMachine::StateMachine(const RetryPolicy& policy, int candidates, TimePoint deadline)
    : policy_(policy), candidates_(candidates), deadline_(deadline) {}

Decision StateMachine::Start(TimePoint now) {
  if (stop_) return *stop_;
  assert(candidate_ < 0 && "Start is called once");
  return NextCandidate(now);
}

Decision StateMachine::OnOutcome(const Report& report, TimePoint now) {
  if (stop_) return *stop_;
  assert(candidate_ >= 0 && "an outcome belongs to an attempt");
  if (report.outcome != Outcome::kSkipped) {
    ++attempts_;
    if (primary_ < 0) primary_ = candidate_;
    ++(candidate_ == primary_ ? primary_attempts_ : fallbacks_tried_);
  }
  switch (report.outcome) {
    case Outcome::kAnswered:
      return End(Stop::Reason::kAnswered);
    case Outcome::kFinal:
      return End(Stop::Reason::kFinal);
    case Outcome::kDeadline:
      return End(Stop::Reason::kDeadline);
    case Outcome::kClientGone:
      return End(Stop::Reason::kClientGone);
    case Outcome::kRetryable:
      return AfterRetryable(report, now);
    case Outcome::kNextProvider:
    case Outcome::kSkipped:
      return NextCandidate(now);
  }
  return End(Stop::Reason::kExhausted);
}

Decision StateMachine::OnWaitInterrupted(bool client_gone) {
  if (stop_) return *stop_;
  return End(client_gone ? Stop::Reason::kClientGone : Stop::Reason::kDeadline);
}

Decision StateMachine::AfterRetryable(const Report& report, TimePoint now) {
  if (candidate_ != primary_ || primary_attempts_ > policy_.max_retries) return NextCandidate(now);
  if (!report.retry_allowed) return Leave(NotRetried::kBudget, now);
  const std::chrono::milliseconds nothing{0};
  const std::chrono::milliseconds asked = std::max(report.retry_after.value_or(nothing), nothing);
  if (asked > policy_.retry_after_max && AnotherCandidateIsLeft()) return Leave(NotRetried::kRetryAfter, now);
  // Compared in its own unit first: as nanoseconds a hostile value would overflow.
  const std::chrono::nanoseconds left = deadline_ - now;
  if (asked > std::chrono::ceil<std::chrono::milliseconds>(left)) return Leave(NotRetried::kDeadline, now);
  const std::chrono::nanoseconds wait =
      std::max<std::chrono::nanoseconds>(BackoffBefore(policy_, primary_attempts_, report.draw), asked);
  if (wait >= left) return Leave(NotRetried::kDeadline, now);
  return Attempt{candidate_, now + wait};
}

Decision StateMachine::Leave(NotRetried why, TimePoint now) {
  not_retried_ = why;
  return NextCandidate(now);
}

Decision StateMachine::NextCandidate(TimePoint now) {
  if (now >= deadline_) return End(Stop::Reason::kDeadline);
  if (!AnotherCandidateIsLeft()) {
    return End(attempts_ == 0 ? Stop::Reason::kNoCandidate : Stop::Reason::kExhausted);
  }
  ++candidate_;
  return Attempt{candidate_, now};
}

Decision StateMachine::End(Stop::Reason reason) {
  stop_ = Stop{reason};
  return *stop_;
}

bool StateMachine::AnotherCandidateIsLeft() const {
  if (candidate_ + 1 >= candidates_) return false;
  return primary_ < 0 || fallbacks_tried_ < policy_.fallbacks;
}

}  // namespace arbstr::retry
