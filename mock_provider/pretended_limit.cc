#include "mock_provider/pretended_limit.h"

#include <fmt/format.h>

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

std::string WaitText(double ms) {
  const auto whole = static_cast<std::int64_t>(std::ceil(ms));
  if (whole < 1000) return whole <= 0 ? "0s" : fmt::format("{}ms", whole);
  const std::int64_t minutes = whole / 60'000;
  std::string text;
  if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
  if (minutes > 0) text += fmt::format("{}m", minutes % 60);
  return text + fmt::format("{:g}s", static_cast<double>(whole % 60'000) / 1000);
}

}  // namespace mock_provider
