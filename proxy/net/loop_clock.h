// What time it is for one event loop.
#ifndef ARBSTR_PROXY_NET_LOOP_CLOCK_H_
#define ARBSTR_PROXY_NET_LOOP_CLOCK_H_

#include <chrono>

namespace arbstr::proxy {

// Everything of a loop that a request's fate depends on reads its time here: the system's, or in a simulation
// the one it is told. The resolver, which has threads of its own, and the ranges of /v1/requests and
// /v1/stats read the system's clocks. Copies show the same time.
class LoopClock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  LoopClock() = default;
  // `told` outlives this and its copies. The time of day is as far from 1970 as `told` is from its own epoch.
  explicit LoopClock(const TimePoint& told) : told_(&told) {}

  TimePoint Now() const { return told_ == nullptr ? std::chrono::steady_clock::now() : *told_; }
  std::chrono::system_clock::time_point TimeOfDay() const {
    if (told_ == nullptr) return std::chrono::system_clock::now();
    return std::chrono::system_clock::time_point(told_->time_since_epoch());
  }
  bool simulated() const { return told_ != nullptr; }

 private:
  const TimePoint* told_ = nullptr;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_LOOP_CLOCK_H_
