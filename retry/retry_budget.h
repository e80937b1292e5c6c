#ifndef ARBSTR_RETRY_RETRY_BUDGET_H_
#define ARBSTR_RETRY_RETRY_BUDGET_H_

#include <array>
#include <chrono>
#include <cstdint>

namespace arbstr::retry {

// Neither is negative.
struct BudgetPolicy {
  // Retries allowed, in percent of the window's requests; may be over 100. 0: no budget, every retry is
  // allowed.
  int percent = 20;
  // Retries per second that are always allowed, however few the requests.
  int min_per_s = 10;
};

// Keeps the retries at one provider from multiplying its load while it is down: within any kWindow they are
// at most `percent` % of its requests, or `min_per_s` per second if that is more. Counted in slots of one
// second, so a window is 9 to 10 s long. Values only: nothing here reads the clock. Not thread-safe.
class RetryBudget {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kWindow{10};

  explicit RetryBudget(const BudgetPolicy& policy) : policy_(policy) {}

  // Applies from now on; what has been counted stays.
  void SetPolicy(const BudgetPolicy& policy) { policy_ = policy; }

  // The first attempt of a request at the provider.
  void OnRequest(TimePoint now);
  // True: the retry may be made, and is charged.
  bool TryRetry(TimePoint now);
  // A retry that was charged at `charged` is not made after all.
  void GiveBack(TimePoint charged);

 private:
  struct Slot {
    std::int64_t second = -1;
    std::int64_t requests = 0, retries = 0;
  };

  Slot& SlotOf(TimePoint now);
  Slot& PlaceOf(std::int64_t second);

  BudgetPolicy policy_;
  std::array<Slot, kWindow.count()> slots_{};
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_RETRY_BUDGET_H_
