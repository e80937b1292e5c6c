#include "mock_provider/answer/limit_headers.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "mock_provider/answer/time_text.h"
#include "mock_provider/http/json_text.h"

namespace mock_provider {
namespace {

using Hit = LimitVerdict::Hit;

void AddBucket(Dialect dialect, const char* what, const LimitVerdict::Bucket& bucket, double unix_ms,
               HttpAnswer& answer) {
  const bool anthropic = dialect == Dialect::kAnthropic;
  const auto set = [&](const char* aspect, std::string value) {
    answer.SetHeader(anthropic ? fmt::format("anthropic-ratelimit-{}-{}", what, aspect)
                               : fmt::format("x-ratelimit-{}-{}", aspect, what),
                     std::move(value));
  };
  set("limit", std::to_string(bucket.limit));
  set("remaining", std::to_string(bucket.left));
  set("reset", anthropic ? Rfc3339(unix_ms + bucket.full_in_ms) : GoDuration(bucket.full_in_ms));
}

// An error of a script invents limits for its headers, which must not stand beside real ones.
void DropPretended(HttpAnswer& answer) {
  std::erase_if(answer.headers, [](const auto& header) {
    return header.first.starts_with("x-ratelimit-") || header.first.starts_with("x-rate-limit-") ||
           header.first.starts_with("anthropic-ratelimit-");
  });
}

std::string OpenAiMessage(const LimitVerdict& verdict, const ErrorContext& context) {
  if (verdict.hit == Hit::kConcurrency) {
    return fmt::format("Too many requests at once for {}: limit {}. Please wait for one to finish.",
                       context.model, verdict.limit);
  }
  const bool tokens = verdict.hit == Hit::kTokens;
  const std::string numbers =
      fmt::format("{} in organization org-mock on {}: Limit {}, ", context.model,
                  tokens ? "tokens per min (TPM)" : "requests per min (RPM)", verdict.limit);
  if (!verdict.retry_after_ms) {
    return fmt::format(
        "Request too large for {}Requested {}. The input or output tokens must be reduced in order to run "
        "successfully.",
        numbers, verdict.requested);
  }
  return fmt::format(
      "Rate limit reached for {}Used {}, Requested {}. Please try again in {}. Visit "
      "https://platform.openai.com/account/rate-limits to learn more.",
      numbers, verdict.used, verdict.requested, GoDuration(*verdict.retry_after_ms));
}

std::string OpenAiBody(const LimitVerdict& verdict, const ErrorContext& context) {
  return fmt::format(R"({{"error":{{"message":{},"type":"{}","param":null,"code":"rate_limit_exceeded"}}}})",
                     QuoteJsonLossy(OpenAiMessage(verdict, context)),
                     verdict.hit == Hit::kTokens ? "tokens" : "requests");
}

std::string AzureBody(const LimitVerdict& verdict) {
  std::string message = fmt::format(
      "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have "
      "exceeded {} rate limit of your current OpenAI S0 pricing tier.",
      verdict.hit == Hit::kTokens ? "token" : "call");
  if (verdict.retry_after_ms) {
    message += fmt::format(" Please retry after {} seconds.", std::ceil(*verdict.retry_after_ms / 1000));
  }
  return fmt::format(R"({{"error":{{"code":"429","message":{}}}}})", QuoteJson(message));
}

// Anthropic's has no numbers.
void SetBody(Dialect dialect, const LimitVerdict& verdict, const ErrorContext& context, HttpAnswer& answer) {
  if (dialect == Dialect::kOpenAi) answer.body = OpenAiBody(verdict, context);
  if (dialect == Dialect::kAzure) answer.body = AzureBody(verdict);
}

}  // namespace

void AddLimitHeaders(Dialect dialect, const LimitVerdict& verdict, double unix_ms, HttpAnswer& answer) {
  if (verdict.requests || verdict.tokens) DropPretended(answer);
  if (verdict.requests) AddBucket(dialect, "requests", *verdict.requests, unix_ms, answer);
  if (verdict.tokens) AddBucket(dialect, "tokens", *verdict.tokens, unix_ms, answer);
}

void SpeakOfLimits(Dialect dialect, const LimitVerdict& limits, std::int64_t tokens, const ErrorAnswer& error,
                   const ErrorContext& context, HttpAnswer& answer) {
  const bool of_tokens = limits.tokens.has_value();
  const std::optional<LimitVerdict::Bucket>& bucket = of_tokens ? limits.tokens : limits.requests;
  if (!bucket || answer.status != 429 || error.kind == ErrorKind::kInsufficientQuota) return;
  const std::int64_t wait = error.retry_after_ms.value_or(kUsualRetryAfterMs);
  SetBody(dialect,
          {.hit = of_tokens ? Hit::kTokens : Hit::kRequests,
           .limit = bucket->limit,
           .used = bucket->limit - bucket->left,
           .requested = of_tokens ? tokens : 1,
           .retry_after_ms = static_cast<double>(wait)},
          context, answer);
}

HttpAnswer MakeLimitAnswer(Dialect dialect, const LimitVerdict& verdict, const ErrorContext& context) {
  ErrorAnswer error{.kind = ErrorKind::kRateLimit, .status = 429, .retry_after_ms = {}};
  if (verdict.retry_after_ms) error.retry_after_ms = static_cast<std::int64_t>(*verdict.retry_after_ms);
  HttpAnswer answer = MakeErrorAnswer(dialect, error, context);
  DropPretended(answer);
  if (!verdict.retry_after_ms) {
    std::erase_if(answer.headers, [](const auto& header) { return header.first.starts_with("retry-after"); });
  }
  SetBody(dialect, verdict, context, answer);
  return answer;
}

}  // namespace mock_provider
