#include "mock_provider/rules/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace mock_provider {
namespace {

constexpr double kMinuteMs = 60'000;
constexpr double kRounding = 1e-6;  // ms; keeps sums of fractions from costing a whole millisecond

}  // namespace

TokenBucket::TokenBucket(std::int64_t per_minute)
    : per_minute_(per_minute), ms_per_token_(kMinuteMs / static_cast<double>(per_minute)) {}

double TokenBucket::FullInMs(double now_ms) const { return std::max(0.0, full_at_ms_ - now_ms); }

double TokenBucket::WaitMs(std::int64_t amount, double now_ms) const {
  const double over = FullInMs(now_ms) + static_cast<double>(amount) * ms_per_token_ - kMinuteMs;
  return std::max(0.0, std::ceil(over - kRounding));
}

void TokenBucket::Take(std::int64_t amount, double now_ms) {
  full_at_ms_ = now_ms + FullInMs(now_ms) + static_cast<double>(amount) * ms_per_token_;
}

std::int64_t TokenBucket::Left(double now_ms) const {
  const double left = (kMinuteMs - FullInMs(now_ms) + kRounding) / ms_per_token_;
  return std::clamp(static_cast<std::int64_t>(left), std::int64_t{0}, per_minute_);
}

}  // namespace mock_provider
