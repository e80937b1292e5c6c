// Deadlines of one event loop. A request arms and disarms several; each is a few pointer writes, where a
// timer per operation would cost an allocation and a place in a heap.
#ifndef ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_
#define ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_

#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <functional>

#include "proxy/net/loop_clock.h"
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

  // `on_expiry` runs on the loop, never from inside Arm. It may arm or disarm any deadline, and destroy any
  // but its own.
  Deadline(DeadlineWheel& wheel, std::function<void()> on_expiry)
      : wheel_(wheel), on_expiry_(std::move(on_expiry)) {}
  ~Deadline() { Disarm(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  // Fires once, not before `at` and at most a tick and the loop's own lag after it. Replaces an earlier time.
  void Arm(TimePoint at);
  void ArmAfter(std::chrono::milliseconds from_now);
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

  explicit DeadlineWheel(Executor executor, LoopClock clock = {});
  // What is armed then never fires.
  ~DeadlineWheel();
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;

  // Fires what has expired by `now`. The wheel's own timer calls it; tests call it with a time of theirs, and
  // a simulation at wake_at(), since under its clock the timer never goes off.
  void FireExpired(Deadline::TimePoint now);
  // When something may expire next; max() where nothing is armed.
  Deadline::TimePoint wake_at() const { return wake_at_; }
  const LoopClock& clock() const { return clock_; }

 private:
  friend class Deadline;
  static constexpr size_t kSlots = 1024;

  void Arm(Deadline& deadline);
  void SleepUntilNextOccupied();
  void SleepUntil(Deadline::TimePoint at);

  const LoopClock clock_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                             Executor>
      timer_;
  std::array<DeadlineLink, kSlots> slots_;
  int64_t swept_tick_;
  bool firing_ = false;
  Deadline::TimePoint wake_at_ = Deadline::TimePoint::max();
};

inline void Deadline::ArmAfter(std::chrono::milliseconds from_now) { Arm(wheel_.clock().Now() + from_now); }

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_DEADLINE_WHEEL_H_
