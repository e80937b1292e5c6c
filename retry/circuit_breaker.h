#ifndef ARBSTR_RETRY_CIRCUIT_BREAKER_H_
#define ARBSTR_RETRY_CIRCUIT_BREAKER_H_

#include <chrono>
#include <cstdint>
#include <optional>

namespace arbstr::retry {

// Neither is negative.
struct BreakerPolicy {
  int failures = 5;  // requests in a row that exhausted the provider; 0: never opens
  std::chrono::milliseconds open_for{30'000};  // then one probe
};

// Decides whether a provider that keeps failing is asked at all. Closed: every request is let through. Open,
// after `failures` requests in a row that exhausted the provider: none is. Half open, after `open_for`: one
// is, the probe. Its outcome closes the breaker (a stream's, as soon as it begins) or opens it again.
// Values only: nothing here reads the clock. Not thread-safe.
class CircuitBreaker {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class State { kClosed, kOpen, kHalfOpen };

  // A request that was let through. How it ended is reported once, and counts only if the breaker has not
  // changed its state since: the end of a request from before an outage says nothing about now.
  struct Ticket {
    std::uint64_t generation = 0;
  };

  // Generations are counted from `first_generation`.
  explicit CircuitBreaker(const BreakerPolicy& policy, std::uint64_t first_generation = 0)
      : policy_(policy), generation_(first_generation) {}

  // Applies from now on; the state, and the time until which it is open, stay.
  void SetPolicy(const BreakerPolicy& policy) { policy_ = policy; }

  // Lets a request through, or not.
  std::optional<Ticket> Admit(TimePoint now);

  // The request's answer is a stream, and has begun: others need not wait for the end of a probe that may
  // talk for long. The end is still to be reported, and counts: `ticket` is made one of the closed breaker.
  void OnBegun(Ticket& ticket);
  // The request got an answer that is not worth a retry: the provider works.
  void OnAnswered(Ticket ticket);
  // All its attempts there failed, the deadline cut one, or its stream broke.
  void OnExhausted(Ticket ticket, TimePoint now);
  // The client went away, or the provider was not asked after all: that says nothing about the provider.
  void OnAborted(Ticket ticket);

  State state(TimePoint now) const;
  // Half open, and its probe is out: it lets nobody through before that has ended.
  bool probing() const { return probing_; }
  // Closed with no failure counted: it lets through and counts as a new breaker does.
  bool untouched() const { return state_ == State::kClosed && failures_ == 0; }
  // While open: when the next request may be let through. While half open: a time that has passed.
  TimePoint opens_until() const { return open_until_; }

 private:
  void Become(State state);

  BreakerPolicy policy_;
  State state_ = State::kClosed;
  std::uint64_t generation_;  // raised by each change of state
  int failures_ = 0;          // in a row
  bool probing_ = false;
  TimePoint open_until_{};
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_CIRCUIT_BREAKER_H_
