#include "proxy/net/deadline_wheel.h"

#include <algorithm>
#include <exception>

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kTickNanos = std::chrono::nanoseconds(DeadlineWheel::kTick).count();

int64_t TickBefore(Clock::time_point at) { return at.time_since_epoch().count() / kTickNanos; }
// The first tick that is not before `at`: sweeping it never fires early.
int64_t TickAfter(Clock::time_point at) { return TickBefore(at + std::chrono::nanoseconds(kTickNanos - 1)); }
Clock::time_point TimeOf(int64_t tick) {
  return Clock::time_point(std::chrono::nanoseconds(tick * kTickNanos));
}

void Unlink(DeadlineLink& link) {
  link.prev->next = link.next;
  link.next->prev = link.prev;
  link.prev = link.next = &link;
}

void LinkBefore(DeadlineLink& position, DeadlineLink& link) {
  link.prev = position.prev;
  link.next = &position;
  position.prev->next = &link;
  position.prev = &link;
}

}  // namespace

void Deadline::Arm(TimePoint at) {
  Unlink(*this);
  at_ = at;
  wheel_.Arm(*this);
}

void Deadline::Disarm() { Unlink(*this); }

DeadlineWheel::DeadlineWheel(Executor executor, LoopClock clock)
    : clock_(clock), timer_(executor), swept_tick_(TickBefore(clock.Now())) {}

DeadlineWheel::~DeadlineWheel() {
  for (DeadlineLink& slot : slots_) {
    while (slot.next != &slot) Unlink(*slot.next);
  }
}

void DeadlineWheel::Arm(Deadline& deadline) {
  const int64_t tick = std::max(TickAfter(deadline.at_), swept_tick_ + 1);
  LinkBefore(slots_[tick % kSlots], deadline);
  if (!firing_ && TimeOf(tick) < wake_at_) SleepUntil(TimeOf(tick));
}

void DeadlineWheel::FireExpired(Clock::time_point now) {
  firing_ = true;
  const int64_t now_tick = TickBefore(now);
  const int64_t first_tick = std::max(swept_tick_ + 1, now_tick - int64_t{kSlots} + 1);
  DeadlineLink due;
  for (int64_t tick = first_tick; tick <= now_tick; ++tick) {
    DeadlineLink& slot = slots_[tick % kSlots];
    for (DeadlineLink* link = slot.next; link != &slot;) {
      DeadlineLink* const next = link->next;
      if (static_cast<Deadline*>(link)->at_ <= now) {
        Unlink(*link);
        LinkBefore(due, *link);
      }
      link = next;
    }
  }
  swept_tick_ = std::max(swept_tick_, now_tick);
  std::exception_ptr failure;
  while (due.next != &due) {
    Deadline& deadline = *static_cast<Deadline*>(due.next);
    Unlink(deadline);
    try {
      deadline.on_expiry_();
    } catch (...) {  // the others fire all the same
      failure = std::current_exception();
    }
  }
  firing_ = false;
  SleepUntilNextOccupied();
  if (failure) std::rethrow_exception(failure);
}

void DeadlineWheel::SleepUntilNextOccupied() {
  wake_at_ = Clock::time_point::max();
  for (int64_t tick = swept_tick_ + 1; tick <= swept_tick_ + int64_t{kSlots}; ++tick) {
    const DeadlineLink& slot = slots_[tick % kSlots];
    if (slot.next != &slot) return SleepUntil(TimeOf(tick));
  }
}

void DeadlineWheel::SleepUntil(Clock::time_point at) {
  if (!clock_.simulated()) {
    wake_at_ = Clock::time_point::max();  // should what follows throw
    timer_.expires_at(at);
    timer_.async_wait([this](ErrorCode error) {
      if (!error) FireExpired(clock_.Now());
    });
  }
  wake_at_ = at;
}

}  // namespace arbstr::proxy
