// Whether a provider's limits let a request through. It has no state but its counters: time is an argument, a
// verdict the result.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_RATE_LIMITER_H_
#define ARBSTR_MOCK_PROVIDER_RULES_RATE_LIMITER_H_

#include <cstdint>
#include <optional>

#include "mock_provider/rules/token_bucket.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

struct LimitVerdict {
  enum class Hit { kNone, kRequests, kTokens, kConcurrency };
  struct Bucket {
    std::int64_t limit = 0;
    std::int64_t left = 0;
    double full_in_ms = 0;
  };
  Hit hit = Hit::kNone;
  // Of the limit that was hit.
  std::int64_t limit = 0, used = 0, requested = 0;
  std::optional<double> retry_after_ms{};  // absent where nobody can know, or where no wait helps
  // How the buckets stand after this request; absent where there is no such limit.
  std::optional<Bucket> requests{}, tokens{};
};

class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits);

  // A request that is let through takes its share, and Leave must be called when it has been answered; one
  // that is refused takes nothing. `now_ms` is of a clock that never goes back.
  LimitVerdict Admit(std::int64_t tokens, double now_ms);
  void Leave() { --at_once_; }

  // A request that was let through has cost that many tokens more than it was admitted with, or fewer. How
  // the buckets stand then.
  LimitVerdict Charge(std::int64_t tokens, double now_ms);

  // How the buckets stand, for an answer to a request that they do not count.
  LimitVerdict Look(double now_ms) const;

  // Full again; requests that are being answered still count as such.
  void Reset();

 private:
  const RateLimits limits_;
  std::optional<TokenBucket> requests_, tokens_;
  std::int64_t at_once_ = 0;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_RATE_LIMITER_H_
