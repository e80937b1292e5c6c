// Deadlines of one event loop. A request arms and disarms several; each is two pointer writes, where a timer
// an operation would cost an allocation and a heap.
#ifndef ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_
#define ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_

#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <functional>

#include "proxy/net/task.h"

namespace arbstr::proxy {

class DeadlineWheel;

// A place in a circular list; alone, it is its own neighbour.
struct DeadlineLink {
  DeadlineLink* prev = this;
  DeadlineLink* next = this;
};

// One deadline. Lives on its wheel's loop; leaves the wheel when it fires, is disarmed or is destroyed.
class Deadline : private DeadlineLink {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `on_expiry` runs on the loop, never from inside Arm. It may arm, disarm or destroy any deadline.
  Deadline(DeadlineWheel& wheel, std::function<void()> on_expiry)
      : wheel_(wheel), on_expiry_(std::move(on_expiry)) {}
  ~Deadline() { Disarm(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  // Fires once, not before `at` and at most a tick and the loop's own lag after it. Replaces an earlier time.
  void Arm(TimePoint at);
  void ArmAfter(std::chrono::milliseconds from_now) { Arm(std::chrono::steady_clock::now() + from_now); }
  void Disarm();
  bool armed() const { return next != this; }

 private:
  friend class DeadlineWheel;

  DeadlineWheel& wheel_;
  std::function<void()> on_expiry_;
  TimePoint at_{};
};

// A hashed timing wheel (Varghese and Lauck, 1987). Its one timer sleeps until the next occupied slot.
class DeadlineWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{4};

  explicit DeadlineWheel(Executor executor);
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;

  // Fires what has expired by `now`. The wheel's own timer calls it; tests call it with a time of theirs.
  void FireExpired(Deadline::TimePoint now);

 private:
  friend class Deadline;
  static constexpr size_t kSlots = 1024;

  void Arm(Deadline& deadline);
  void SleepUntilNextOccupied();
  void SleepUntil(Deadline::TimePoint at);

  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                             Executor>
      timer_;
  std::array<DeadlineLink, kSlots> slots_;
  int64_t swept_tick_;
  bool firing_ = false;
  Deadline::TimePoint wake_at_ = Deadline::TimePoint::max();
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_
