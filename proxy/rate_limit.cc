#include "proxy/rate_limit.h"

#include <algorithm>

namespace arbstr::proxy {

std::optional<RateLimit::Wait> RateLimit::Take(TimePoint now) {
  if (interval_.count() == 0) return std::nullopt;
  const std::int64_t at = std::chrono::nanoseconds(now.time_since_epoch()).count();
  std::int64_t full_at = full_at_.load(std::memory_order_relaxed);
  while (true) {
    const std::int64_t next = std::max(full_at, at) + interval_.count();
    if (next - at > burst_.count()) return Wait(next - at - burst_.count());
    // Nothing else is read by what was taken, so no order is needed.
    if (full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return std::nullopt;
  }
}

}  // namespace arbstr::proxy
