#include "mock_provider/rules/rate_limiter.h"

namespace mock_provider {
namespace {

using Hit = LimitVerdict::Hit;

std::optional<LimitVerdict::Bucket> StateOf(const std::optional<TokenBucket>& bucket, double now_ms) {
  if (!bucket) return std::nullopt;
  return LimitVerdict::Bucket{
      .limit = bucket->per_minute(), .left = bucket->Left(now_ms), .full_in_ms = bucket->FullInMs(now_ms)};
}

// Notes the bucket as the one that is hit when it makes the request wait longer than what was noted before.
void Ask(const std::optional<TokenBucket>& bucket, Hit hit, std::int64_t amount, double now_ms,
         LimitVerdict& verdict) {
  if (!bucket) return;
  const bool ever = amount <= bucket->per_minute();
  const double wait = ever ? bucket->WaitMs(amount, now_ms) : 0;
  if (ever && (wait == 0 || (verdict.retry_after_ms && *verdict.retry_after_ms >= wait))) return;
  verdict.hit = hit;
  verdict.limit = bucket->per_minute();
  verdict.used = verdict.limit - bucket->Left(now_ms);
  verdict.requested = amount;
  verdict.retry_after_ms.reset();
  if (ever) verdict.retry_after_ms = wait;
}

}  // namespace

RateLimiter::RateLimiter(const RateLimits& limits) : limits_(limits) { Reset(); }

void RateLimiter::Reset() {
  if (limits_.rpm) requests_.emplace(*limits_.rpm);
  if (limits_.tpm) tokens_.emplace(*limits_.tpm);
}

LimitVerdict RateLimiter::Look(double now_ms) const {
  LimitVerdict verdict;
  verdict.requests = StateOf(requests_, now_ms);
  verdict.tokens = StateOf(tokens_, now_ms);
  return verdict;
}

LimitVerdict RateLimiter::Charge(std::int64_t tokens, double now_ms) {
  if (tokens_) tokens_->Take(tokens, now_ms);
  return Look(now_ms);
}

LimitVerdict RateLimiter::Admit(std::int64_t tokens, double now_ms) {
  LimitVerdict verdict = Look(now_ms);
  Ask(requests_, Hit::kRequests, 1, now_ms, verdict);
  Ask(tokens_, Hit::kTokens, tokens, now_ms, verdict);
  if (verdict.hit == Hit::kNone && limits_.concurrency && at_once_ >= *limits_.concurrency) {
    verdict.hit = Hit::kConcurrency;
    verdict.limit = *limits_.concurrency;
    verdict.used = at_once_;
    verdict.requested = 1;
  }
  if (verdict.hit != Hit::kNone) return verdict;
  ++at_once_;
  if (requests_) requests_->Take(1, now_ms);
  if (tokens_) tokens_->Take(tokens, now_ms);
  return Look(now_ms);
}

}  // namespace mock_provider
