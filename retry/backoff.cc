#include "retry/backoff.h"

#include <algorithm>
#include <cstddef>

namespace arbstr::retry {
namespace {

// A century: longer waits mean the same, and their nanoseconds stay far from overflow.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours{24 * 36525};

double WithinUnit(double value) {
  // Written so that NaN counts as 0.
  if (!(value > 0)) return 0;
  return std::min(value, 1.0);
}

}  // namespace

std::chrono::nanoseconds BackoffBefore(const RetryPolicy& policy, int retry, double draw) {
  if (policy.backoff.empty()) return std::chrono::nanoseconds{0};
  const auto step = static_cast<std::size_t>(std::max(retry, 1) - 1);
  const std::chrono::nanoseconds wait = std::clamp(policy.backoff[std::min(step, policy.backoff.size() - 1)],
                                                   std::chrono::milliseconds{0}, kLongestWait);
  const double extra = static_cast<double>(wait.count()) * WithinUnit(policy.jitter) * WithinUnit(draw);
  return wait + std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(extra)};
}

}  // namespace arbstr::retry
