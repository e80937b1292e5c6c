// The headers that real providers send with their errors.
#include <fmt/format.h>

#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/answer/pretended_limit.h"
#include "mock_provider/answer/time_text.h"
#include "mock_provider/scenario/is_transient.h"

namespace mock_provider {
namespace {

std::int64_t Seconds(std::int64_t ms) { return (ms + 999) / 1000; }

void AddOpenAi(const ResolvedError& error, const ErrorContext& context, HttpAnswer& answer) {
  answer.SetHeader("x-request-id", context.request_id);
  if (error.kind != ErrorKind::kRateLimit) return;
  const PretendedLimit limit = PretendLimit(error.retry_after_ms.value_or(0));
  answer.SetHeader("x-ratelimit-limit-requests", "500");
  answer.SetHeader("x-ratelimit-limit-tokens", std::to_string(limit.limit));
  answer.SetHeader("x-ratelimit-remaining-requests", "499");
  answer.SetHeader("x-ratelimit-remaining-tokens", std::to_string(limit.Remaining()));
  answer.SetHeader("x-ratelimit-reset-requests", "120ms");
  answer.SetHeader("x-ratelimit-reset-tokens", GoDuration(limit.full_in_ms));
}

// Azure's reset is in seconds, under a name that is spelt unlike all the others.
void AddAzure(const ResolvedError& error, const ErrorContext& context, HttpAnswer& answer) {
  answer.SetHeader("x-request-id", context.request_id);
  answer.SetHeader("apim-request-id", context.request_id);
  answer.SetHeader("x-ms-region", "Sweden Central");
  if (error.kind != ErrorKind::kRateLimit) return;
  const PretendedLimit limit = PretendLimit(error.retry_after_ms.value_or(0));
  answer.SetHeader("policy-id", "DeploymentRatelimit-Token");
  answer.SetHeader("x-ratelimit-remaining-requests", "499");
  answer.SetHeader("x-ratelimit-remaining-tokens", std::to_string(limit.Remaining()));
  answer.SetHeader("x-rate-limit-reset-tokens",
                   std::to_string(Seconds(static_cast<std::int64_t>(limit.full_in_ms))));
}

void AddAnthropicBucket(const char* what, std::int64_t limit, std::int64_t remaining, double reset_unix_ms,
                        HttpAnswer& answer) {
  const std::string prefix = fmt::format("anthropic-ratelimit-{}-", what);
  answer.SetHeader(prefix + "limit", std::to_string(limit));
  answer.SetHeader(prefix + "remaining", std::to_string(remaining));
  answer.SetHeader(prefix + "reset", Rfc3339(reset_unix_ms));
}

void AddAnthropic(const ResolvedError& error, const ErrorContext& context, HttpAnswer& answer) {
  answer.SetHeader("request-id", context.request_id);
  answer.SetHeader("x-should-retry", IsTransient(error.status) ? "true" : "false");
  if (error.kind != ErrorKind::kRateLimit) return;
  const PretendedLimit limit = PretendLimit(error.retry_after_ms.value_or(0));
  const double reset = context.unix_ms + limit.full_in_ms;
  AddAnthropicBucket("requests", 50, 49, context.unix_ms + 1200, answer);
  AddAnthropicBucket("tokens", limit.limit, limit.Remaining(), reset, answer);
  AddAnthropicBucket("input-tokens", limit.limit, limit.Remaining(), reset, answer);
  AddAnthropicBucket("output-tokens", 8000, 8000, context.unix_ms, answer);
}

void AddDialectHeaders(Dialect dialect, const ResolvedError& error, const ErrorContext& context,
                       HttpAnswer& answer) {
  switch (dialect) {
    case Dialect::kOpenAi:
      return AddOpenAi(error, context, answer);
    case Dialect::kAzure:
      return AddAzure(error, context, answer);
    case Dialect::kAnthropic:
      return AddAnthropic(error, context, answer);
  }
}

}  // namespace

void AddErrorHeaders(Dialect dialect, const ResolvedError& error, const ErrorContext& context,
                     HttpAnswer& answer) {
  // What is before the provider knows nothing of its headers.
  if (error.kind != ErrorKind::kBadGatewayHtml) AddDialectHeaders(dialect, error, context, answer);
  if (!error.retry_after_ms) return;
  answer.SetHeader("retry-after", std::to_string(Seconds(*error.retry_after_ms)));
  if (dialect != Dialect::kAnthropic)
    answer.SetHeader("retry-after-ms", std::to_string(*error.retry_after_ms));
}

}  // namespace mock_provider
