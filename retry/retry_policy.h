#ifndef ARBSTR_RETRY_RETRY_POLICY_H_
#define ARBSTR_RETRY_RETRY_POLICY_H_

#include <bitset>
#include <chrono>
#include <initializer_list>
#include <vector>

namespace arbstr::retry {

// Indexed by HTTP status.
using StatusSet = std::bitset<600>;

// Statuses outside 0..599 are left out.
StatusSet MakeStatusSet(std::initializer_list<int> statuses);

// 500, 502, 503, 504, 520 to 524, 529.
StatusSet DefaultRetryableStatuses();

// How often and how patiently a request is tried. Counts and waits are not negative. The members' defaults
// are the product's defaults.
struct RetryPolicy {
  // Attempts on the primary after its first one.
  int max_retries = 2;
  // The wait before retry 1, 2, …; the last repeats. Empty: no waits.
  std::vector<std::chrono::milliseconds> backoff{
      std::chrono::milliseconds{1000}, std::chrono::milliseconds{2000}, std::chrono::milliseconds{4000}};
  // 0..1: each wait w is drawn from [w, w * (1 + jitter)].
  double jitter = 0.2;
  // A longer Retry-After is not waited for while another candidate is left.
  std::chrono::milliseconds retry_after_max{5000};
  // How many further providers get one attempt each.
  int fallbacks = 1;
  // Retryable on the same provider.
  StatusSet statuses = DefaultRetryableStatuses();
  // Not again on the same provider, but the next one at once. Wins over `statuses`.
  StatusSet fallback_statuses;
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_RETRY_POLICY_H_
