#include "mock_provider/answer/pretended_limit.h"

#include <algorithm>
#include <cmath>

namespace mock_provider {
namespace {

constexpr double kTokensPerMs = 0.5;  // 30,000 a minute come back at that pace

}  // namespace

PretendedLimit PretendLimit(std::int64_t retry_after_ms) {
  PretendedLimit limit;
  const double wait = static_cast<double>(std::max<std::int64_t>(retry_after_ms, 0));
  // The tokens that come back while the client waits are those it is short of.
  const double short_of = std::min(std::ceil(wait * kTokensPerMs), static_cast<double>(limit.requested));
  limit.used = limit.limit - limit.requested + static_cast<std::int64_t>(short_of);
  limit.full_in_ms = std::max(static_cast<double>(limit.used) / kTokensPerMs, wait);
  return limit;
}

}  // namespace mock_provider
