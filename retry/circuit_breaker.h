#ifndef ARBSTR_RETRY_CIRCUIT_BREAKER_H_
#define ARBSTR_RETRY_CIRCUIT_BREAKER_H_

#include <chrono>
#include <cstdint>
#include <optional>

namespace arbstr::retry {

struct BreakerPolicy {
  int failures = 5;  // requests in a row that exhausted the provider; 0: never opens
  std::chrono::milliseconds open_for{30'000};  // then one probe
};

// Whether a provider that keeps failing is asked at all. Closed: every request may. After `failures` requests
// in a row that exhausted it: open, and none may. After `open_for`: half open, and one may, the probe, whose
// end closes the breaker or opens it again. Values only: nothing here reads the clock. Not thread-safe.
class CircuitBreaker {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class State { kClosed, kOpen, kHalfOpen };

  // A request that was let through. What becomes of it is said once, and counts only while the breaker has
  // not changed its state since: the end of a request from before an outage says nothing about now.
  struct Ticket {
    std::uint64_t generation = 0;
  };

  explicit CircuitBreaker(const BreakerPolicy& policy) : policy_(policy) {}

  // For what comes; its state stays, and the time it is open until.
  void SetPolicy(const BreakerPolicy& policy) { policy_ = policy; }

  // Lets a request through, or not.
  std::optional<Ticket> Admit(TimePoint now);

  // It got an answer that is not worth a retry: the provider works.
  void OnAnswered(Ticket ticket);
  // All its attempts there failed, the deadline cut one, or its stream broke.
  void OnExhausted(Ticket ticket, TimePoint now);
  // The client went away, or the provider was not asked after all: that says nothing.
  void OnAborted(Ticket ticket);

  State state(TimePoint now) const;
  // When the next request may be let through, where none may now. Half open with its probe under way: now.
  TimePoint opens_until() const { return open_until_; }

 private:
  void Become(State state);

  BreakerPolicy policy_;
  State state_ = State::kClosed;
  std::uint64_t generation_ = 0;  // counted up with each change of state
  int failures_ = 0;              // in a row
  bool probing_ = false;
  TimePoint open_until_{};
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_CIRCUIT_BREAKER_H_
