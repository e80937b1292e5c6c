#ifndef ARBSTR_RETRY_BACKOFF_H_
#define ARBSTR_RETRY_BACKOFF_H_

#include <chrono>

#include "retry/retry_policy.h"

namespace arbstr::retry {

// The wait before retry number `retry` (1 is the first), within [w, w * (1 + jitter)], where w is the
// policy's wait for that retry. `draw` is a uniform number from [0, 1); outside of it, the nearer end counts.
std::chrono::nanoseconds BackoffBefore(const RetryPolicy& policy, int retry, double draw);

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_BACKOFF_H_
