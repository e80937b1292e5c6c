// How many requests a second the gateway takes: a token bucket, full at the start, that all event loops
// share.
#ifndef ARBSTR_PROXY_RATE_LIMIT_H_
#define ARBSTR_PROXY_RATE_LIMIT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace arbstr::proxy {

// Holds as many tokens as are filled in within a second, so a second's worth of requests may come at once.
// One number says how full it is: the time at which it will be full again (the generic cell rate algorithm of
// ATM's traffic management). Time is passed in; every member may be called from any thread.
class RateLimit {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Wait = std::chrono::nanoseconds;

  // `per_second`: 0: everything is taken.
  explicit RateLimit(int per_second)
      : interval_(per_second > 0 ? Wait(std::chrono::seconds(1)) / per_second : Wait(0)),
        burst_(interval_ * per_second) {}

  bool limited() const { return interval_.count() > 0; }
  // Takes a token. Where there is none, nothing changes, and the result is when there will be one, from
  // `now`.
  std::optional<Wait> Take(TimePoint now);

 private:
  const Wait interval_;                           // between two tokens; 0: no limit
  const Wait burst_;                              // in which an empty bucket is full
  std::atomic<std::int64_t> full_at_{INT64_MIN};  // nanoseconds of the clock
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_RATE_LIMIT_H_
