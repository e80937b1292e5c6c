#ifndef ARBSTR_RETRY_STATE_MACHINE_H_
#define ARBSTR_RETRY_STATE_MACHINE_H_

#include <chrono>
#include <optional>
#include <variant>

#include "retry/outcome.h"
#include "retry/retry_policy.h"

namespace arbstr::retry {

// Values only: nothing here reads the clock.
using TimePoint = std::chrono::steady_clock::time_point;

// Begin an attempt on candidate number `candidate` (0 is the first) at `at`: now, or after a wait.
// `at` is always before the deadline. Where a wait ended so late that the deadline has come, report
// OnWaitInterrupted instead of beginning.
struct Attempt {
  int candidate;
  TimePoint at;
};

// The request is over; no attempt may follow.
struct Stop {
  enum class Reason {
    kAnswered,     // the last attempt is the answer
    kFinal,        // the last attempt's response is passed on
    kExhausted,    // nothing is left to try, or to wait for in time: the last failure is answered
    kDeadline,     // 504
    kClientGone,   // nobody is left to answer
    kNoCandidate,  // every candidate was skipped: no attempt was made
  };
  Reason reason;
};

using Decision = std::variant<Attempt, Stop>;

// Why a primary was left though max_retries had room for another attempt.
enum class NotRetried {
  kNot,         // it was not
  kBudget,      // Report::retry_allowed
  kRetryAfter,  // it asked for more time than is waited while there is another candidate
  kDeadline,    // which comes before the wait is over
};

// Decides, after each outcome, what one request does next. The first candidate that is actually tried is the
// primary and gets 1 + max_retries attempts, the waits of the policy between them; after it up to `fallbacks`
// further candidates get one attempt each, at once. A single attempt without retry or fallback is a policy
// whose max_retries and fallbacks are 0.
//
// The dialogue: Start once; then for each Attempt exactly one OnOutcome, or one OnWaitInterrupted while its
// `at` has not come; until a Stop. Every call after a Stop returns that Stop again.
// No allocation; not thread-safe.
class StateMachine {
 public:
  // `policy` must outlive this. `candidates` is how many there are; `deadline` ends everything.
  StateMachine(const RetryPolicy& policy, int candidates, TimePoint deadline);

  Decision Start(TimePoint now);

  struct Report {
    Outcome outcome;
    // What the failed response asked for (ParseRetryAfter). Read for kRetryable only.
    std::optional<std::chrono::milliseconds> retry_after;
    // Uniform from [0, 1): where in its range the next wait lies.
    double draw = 0;
    // Whether the provider's retry budget has room for one more. If the Decision is an Attempt on the same
    // candidate, a retry was decided and is to be charged.
    bool retry_allowed = true;
  };
  Decision OnOutcome(const Report& report, TimePoint now);

  // The client left, or the deadline came, during a wait: no attempt was in flight.
  Decision OnWaitInterrupted(bool client_gone);

  // Attempts whose outcome was reported, not counting skipped candidates.
  int attempts() const { return attempts_; }
  NotRetried not_retried() const { return not_retried_; }

 private:
  Decision AfterRetryable(const Report& report, TimePoint now);
  Decision NextCandidate(TimePoint now);
  Decision Leave(NotRetried why, TimePoint now);
  Decision End(Stop::Reason reason);
  bool AnotherCandidateIsLeft() const;

  const RetryPolicy& policy_;
  const int candidates_;
  const TimePoint deadline_;
  int candidate_ = -1;  // the one whose outcome is awaited
  int primary_ = -1;    // -1: none was tried yet
  int primary_attempts_ = 0;
  int fallbacks_tried_ = 0;
  int attempts_ = 0;
  NotRetried not_retried_ = NotRetried::kNot;
  std::optional<Stop> stop_;
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_STATE_MACHINE_H_
