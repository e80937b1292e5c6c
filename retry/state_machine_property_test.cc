// Hundreds of thousands of random requests, each driven to its end, the rules checked after every step.
// ARBSTR_SEED=N repeats a run.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "retry/backoff.h"
#include "retry/state_machine.h"
#include "tools/testing/random_seed.h"

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr int kSequences = 300'000;

// Small numbers, so that limits meet often.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  int Int(int low, int high) {
    return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1));
  }
  bool OneIn(int n) { return Int(1, n) == 1; }
  double Unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  RetryPolicy Policy() {
    RetryPolicy policy;
    policy.max_retries = Int(0, 4);
    policy.fallbacks = Int(0, 3);
    policy.jitter = OneIn(3) ? 0 : Unit();
    policy.retry_after_max = milliseconds{Int(0, 400)};
    policy.backoff.resize(static_cast<std::size_t>(Int(0, 3)));
    for (milliseconds& wait : policy.backoff) wait = milliseconds{Int(0, 300)};
    return policy;
  }

  StateMachine::Report Report() {
    // Failures often, so that sequences get long.
    static constexpr Outcome kOutcomes[] = {Outcome::kRetryable, Outcome::kRetryable, Outcome::kRetryable,
                                            Outcome::kRetryable, Outcome::kRetryable, Outcome::kNextProvider,
                                            Outcome::kSkipped,   Outcome::kSkipped,   Outcome::kAnswered,
                                            Outcome::kFinal,     Outcome::kDeadline,  Outcome::kClientGone};
    StateMachine::Report report{.outcome = kOutcomes[Int(0, 11)], .retry_after = {}};
    if (OneIn(3)) report.retry_after = OneIn(50) ? milliseconds::max() : milliseconds{Int(0, 800)};
    report.draw = Unit();
    report.retry_allowed = !OneIn(6);
    return report;
  }

 private:
  std::mt19937_64 engine_;
};

// What the rules allow, kept apart from how the machine keeps it.
struct Request {
  RetryPolicy policy;
  int candidates = 0;
  TimePoint deadline;
  std::map<int, int> attempts;  // by candidate
  int primary = -1;
  int total = 0;

  bool FallbackIsLeft(int current) const {
    const int used = static_cast<int>(attempts.size()) - (primary >= 0 ? 1 : 0);
    return current + 1 < candidates && (primary < 0 || used < policy.fallbacks);
  }
  nanoseconds Wait(const StateMachine::Report& report) const {
    const nanoseconds backoff = BackoffBefore(policy, attempts.at(primary), report.draw);
    // The cap keeps an absurd value within nanoseconds; it is beyond every deadline here.
    return std::max<nanoseconds>(
        backoff, std::min<milliseconds>(report.retry_after.value_or(milliseconds{0}), std::chrono::hours{1}));
  }
};

// The whole contract for one step after a failure, written as the set of things that may come next.
void CheckAfterFailure(const Request& request, int current, const StateMachine::Report& report, TimePoint now,
                       const Decision& decision) {
  const bool left = request.FallbackIsLeft(current);
  bool may_wait = report.outcome == Outcome::kRetryable && current == request.primary &&
                  request.attempts.at(current) <= request.policy.max_retries && report.retry_allowed;
  if (may_wait && left && report.retry_after > request.policy.retry_after_max) may_wait = false;
  if (may_wait && now + request.Wait(report) >= request.deadline) may_wait = false;

  const Attempt* attempt = std::get_if<Attempt>(&decision);
  if (may_wait) {
    ASSERT_NE(attempt, nullptr);
    ASSERT_EQ(attempt->candidate, current);
    ASSERT_EQ(attempt->at, now + request.Wait(report));
  } else if (now >= request.deadline) {
    ASSERT_EQ(attempt, nullptr);
    ASSERT_EQ(std::get<Stop>(decision).reason, Stop::Reason::kDeadline);
  } else if (left) {
    ASSERT_NE(attempt, nullptr);
    ASSERT_EQ(attempt->candidate, current + 1);
    ASSERT_EQ(attempt->at, now);
  } else {
    ASSERT_EQ(attempt, nullptr);
    ASSERT_EQ(std::get<Stop>(decision).reason,
              request.total == 0 ? Stop::Reason::kNoCandidate : Stop::Reason::kExhausted);
  }
}

void CheckAfterEnding(Outcome outcome, const Decision& decision) {
  const Stop* stop = std::get_if<Stop>(&decision);
  ASSERT_NE(stop, nullptr) << "an attempt after a final outcome";
  switch (outcome) {
    case Outcome::kAnswered:
      ASSERT_EQ(stop->reason, Stop::Reason::kAnswered);
      break;
    case Outcome::kFinal:
      ASSERT_EQ(stop->reason, Stop::Reason::kFinal);
      break;
    case Outcome::kDeadline:
      ASSERT_EQ(stop->reason, Stop::Reason::kDeadline);
      break;
    case Outcome::kClientGone:
      ASSERT_EQ(stop->reason, Stop::Reason::kClientGone);
      break;
    case Outcome::kRetryable:
    case Outcome::kNextProvider:
    case Outcome::kSkipped:
      FAIL() << "not an ending";
  }
}

bool IsFailure(Outcome outcome) {
  return outcome == Outcome::kRetryable || outcome == Outcome::kNextProvider || outcome == Outcome::kSkipped;
}

// What must hold after every step, however it came about.
void CheckLimits(const Request& request, const StateMachine& machine, const Decision& decision) {
  ASSERT_EQ(machine.attempts(), request.total);
  int fallbacks = 0;
  for (const auto& [candidate, count] : request.attempts) {
    if (candidate == request.primary) {
      ASSERT_LE(count, 1 + request.policy.max_retries);
    } else {
      ASSERT_EQ(count, 1);
      ++fallbacks;
    }
  }
  ASSERT_LE(fallbacks, request.policy.fallbacks);
  if (const Attempt* attempt = std::get_if<Attempt>(&decision)) {
    ASSERT_LT(attempt->at, request.deadline);
    ASSERT_GE(attempt->candidate, 0);
    ASSERT_LT(attempt->candidate, request.candidates);
  }
}

void CheckStart(const Request& request, TimePoint now, const Decision& decision) {
  if (now >= request.deadline) {
    ASSERT_EQ(std::get<Stop>(decision).reason, Stop::Reason::kDeadline);
  } else if (request.candidates == 0) {
    ASSERT_EQ(std::get<Stop>(decision).reason, Stop::Reason::kNoCandidate);
  } else {
    ASSERT_EQ(std::get<Attempt>(decision).candidate, 0);
    ASSERT_EQ(std::get<Attempt>(decision).at, now);
  }
}

void RunOne(Chance& chance, std::map<Stop::Reason, int>& endings) {
  Request request;
  request.policy = chance.Policy();
  request.candidates = chance.Int(0, 6);
  TimePoint now{milliseconds{chance.Int(0, 1'000'000)}};
  request.deadline = now + milliseconds{chance.Int(-2, 2000)};
  StateMachine machine(request.policy, request.candidates, request.deadline);

  Decision decision = machine.Start(now);
  ASSERT_NO_FATAL_FAILURE(CheckLimits(request, machine, decision));
  ASSERT_NO_FATAL_FAILURE(CheckStart(request, now, decision));
  // Every step makes an attempt or leaves a candidate behind, which bounds them.
  int steps_left = 1 + request.policy.max_retries + 2 * request.candidates;
  while (const Attempt* attempt = std::get_if<Attempt>(&decision)) {
    ASSERT_GE(--steps_left, 0) << "no termination";
    const int current = attempt->candidate;
    if (attempt->at > now && chance.OneIn(20)) {
      const bool client_gone = chance.OneIn(2);
      decision = machine.OnWaitInterrupted(client_gone);
      ASSERT_EQ(std::get<Stop>(decision).reason,
                client_gone ? Stop::Reason::kClientGone : Stop::Reason::kDeadline);
      ASSERT_NO_FATAL_FAILURE(CheckLimits(request, machine, decision));
      break;
    }
    const StateMachine::Report report = chance.Report();
    now = attempt->at + milliseconds{chance.OneIn(2) ? 0 : chance.Int(0, 300)};
    if (report.outcome != Outcome::kSkipped) {
      if (request.primary < 0) request.primary = current;
      ++request.attempts[current];
      ++request.total;
    }
    decision = machine.OnOutcome(report, now);
    if (IsFailure(report.outcome)) {
      ASSERT_NO_FATAL_FAILURE(CheckAfterFailure(request, current, report, now, decision));
    } else {
      ASSERT_NO_FATAL_FAILURE(CheckAfterEnding(report.outcome, decision));
    }
    ASSERT_NO_FATAL_FAILURE(CheckLimits(request, machine, decision));
  }
  const Stop::Reason reason = std::get<Stop>(decision).reason;
  ++endings[reason];
  const Decision again = machine.OnOutcome(chance.Report(), now);
  ASSERT_EQ(std::get<Stop>(again).reason, reason) << "the end is not the end";
  ASSERT_EQ(machine.attempts(), request.total);
}

TEST(StateMachineProperties, HoldAfterEveryStepOfEveryRandomRequest) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  Chance chance(seed);
  std::map<Stop::Reason, int> endings;
  for (int i = 0; i < kSequences; ++i) {
    ASSERT_NO_FATAL_FAILURE(RunOne(chance, endings)) << "sequence " << i << " of ARBSTR_SEED=" << seed;
  }
  // A generator that never gets somewhere proves nothing about it.
  for (const auto reason : {Stop::Reason::kAnswered, Stop::Reason::kFinal, Stop::Reason::kExhausted,
                            Stop::Reason::kDeadline, Stop::Reason::kClientGone, Stop::Reason::kNoCandidate}) {
    EXPECT_GT(endings[reason], kSequences / 1000) << "ending " << static_cast<int>(reason);
  }
}

}  // namespace
}  // namespace arbstr::retry
