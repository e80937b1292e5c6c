#ifndef ARBSTR_PROXY_SIMULATION_TIMELINE_H_
#define ARBSTR_PROXY_SIMULATION_TIMELINE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace arbstr::proxy::simulation {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The simulated time, and what is going to happen in the world outside of the gateway.
class Timeline {
 public:
  // A reference that stays: a LoopClock reads it.
  const TimePoint& now() const { return now_; }
  void Advance(TimePoint to) { now_ = std::max(now_, to); }

  // Events of one moment happen in the order in which they were planned.
  void After(Duration wait, std::function<void()> event) {
    events_.push_back({now_ + wait, planned_++, std::move(event)});
    std::ranges::push_heap(events_, Later);
  }
  std::optional<TimePoint> next() const {
    return events_.empty() ? std::nullopt : std::optional(events_.front().at);
  }
  // Lets the next event happen, now.
  void RunNext() {
    std::ranges::pop_heap(events_, Later);
    const std::function<void()> event = std::move(events_.back().event);
    events_.pop_back();
    event();
  }

 private:
  struct Event {
    TimePoint at;
    uint64_t order;
    std::function<void()> event;
  };
  static bool Later(const Event& a, const Event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }

  TimePoint now_{seconds(1'700'000'000)};
  uint64_t planned_ = 0;
  std::vector<Event> events_;  // a heap, the next one first
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_TIMELINE_H_
