#include "retry/retry_budget.h"

#include <algorithm>

namespace arbstr::retry {
namespace {

std::int64_t SecondOf(RetryBudget::TimePoint at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

void RetryBudget::OnRequest(TimePoint now) { ++SlotOf(now).requests; }

bool RetryBudget::TryRetry(TimePoint now) {
  if (policy_.percent == 0) return true;
  Slot& current = SlotOf(now);
  std::int64_t requests = 0, retries = 0;
  for (const Slot& slot : slots_) {
    if (slot.second <= current.second - kWindow.count() || slot.second > current.second) continue;
    requests += slot.requests;
    retries += slot.retries;
  }
  const std::int64_t floor = policy_.min_per_s * kWindow.count();
  if (retries >= std::max(floor, requests * policy_.percent / 100)) return false;
  ++current.retries;
  return true;
}

void RetryBudget::GiveBack(TimePoint charged) {
  if (policy_.percent == 0) return;  // nothing was charged
  Slot& slot = PlaceOf(SecondOf(charged));
  if (slot.second == SecondOf(charged)) slot.retries = std::max<std::int64_t>(0, slot.retries - 1);
}

RetryBudget::Slot& RetryBudget::PlaceOf(std::int64_t second) {
  return slots_[static_cast<std::size_t>(second % kWindow.count())];
}

RetryBudget::Slot& RetryBudget::SlotOf(TimePoint now) {
  const std::int64_t second = SecondOf(now);
  Slot& slot = PlaceOf(second);
  if (slot.second != second) slot = Slot{.second = second};
  return slot;
}

}  // namespace arbstr::retry
