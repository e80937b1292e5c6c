// {"error":{"message":TEXT,"type":TYPE,"param":NAME or null,"code":CODE or null}}
#include <fmt/format.h>

#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/answer/pretended_limit.h"
#include "mock_provider/answer/time_text.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/http/masked_key.h"

namespace mock_provider {
namespace {

std::string Body(const std::string& message, const std::string& type, const char* param, const char* code) {
  return fmt::format(R"({{"error":{{"message":{},"type":{},"param":{},"code":{}}}}})",
                     QuoteJsonLossy(message), QuoteJson(type), param ? QuoteJson(param) : "null",
                     code ? QuoteJson(code) : "null");
}

std::string RateLimit(const ResolvedError& error, const ErrorContext& context) {
  const std::int64_t ms = error.retry_after_ms.value_or(kUsualRetryAfterMs);
  const PretendedLimit limit = PretendLimit(ms);
  return Body(
      fmt::format("Rate limit reached for {} in organization org-mock on tokens per min (TPM): Limit {}, "
                  "Used {}, Requested {}. Please try again in {}. Visit "
                  "https://platform.openai.com/account/rate-limits to learn more.",
                  context.model, limit.limit, limit.used, limit.requested,
                  GoDuration(static_cast<double>(ms))),
      "tokens", nullptr, "rate_limit_exceeded");
}

std::string OtherStatus(int status) {
  switch (status) {
    case 403:
      return Body("Country, region, or territory not supported", "request_forbidden", nullptr,
                  "unsupported_country_region_territory");
    case 502:
      return Body("Bad gateway.", "server_error", nullptr, nullptr);
    case 504:
      return Body("The request timed out. Please try again.", "server_error", nullptr, nullptr);
    default:
      return Body(fmt::format("The provider answered with status {}.", status),
                  status < 500 ? "invalid_request_error" : "server_error", nullptr, nullptr);
  }
}

}  // namespace

std::string OpenAiErrorBody(const ResolvedError& error, const ErrorContext& context) {
  switch (error.kind) {
    case ErrorKind::kRateLimit:
      return RateLimit(error, context);
    case ErrorKind::kInsufficientQuota:
      return Body(
          "You exceeded your current quota, please check your plan and billing details. For more information "
          "on "
          "this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
          "insufficient_quota", nullptr, "insufficient_quota");
    case ErrorKind::kOverloaded:
      return Body(
          "The server is currently overloaded with other requests. Sorry about that! You can retry your "
          "request, or contact us through our help center if the error persists.",
          "service_unavailable_error", nullptr, "server_is_overloaded");
    case ErrorKind::kServerError:
      return Body(
          fmt::format("The server had an error processing your request. Sorry about that! You can retry your "
                      "request, or contact us through our help center at help.openai.com if you keep seeing "
                      "this error. (Please include the request ID {} in your email.)",
                      context.request_id),
          "server_error", nullptr, nullptr);
    case ErrorKind::kContextLength:
      return Body(
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 8227 "
          "tokens. Please reduce the length of the messages.",
          "invalid_request_error", "messages", "context_length_exceeded");
    case ErrorKind::kInvalidApiKey:
      return Body(fmt::format("Incorrect API key provided: {}. You can find your API key at "
                              "https://platform.openai.com/account/api-keys.",
                              MaskedKey(context.key)),
                  "invalid_request_error", nullptr, "invalid_api_key");
    case ErrorKind::kModelNotFound:
      return Body(
          fmt::format("The model `{}` does not exist or you do not have access to it.", context.model),
          "invalid_request_error", nullptr, "model_not_found");
    case ErrorKind::kContentFilter:
      return Body(
          "The response was filtered due to the prompt triggering our content management policy. Please "
          "modify your prompt and retry.",
          "invalid_request_error", "prompt", "content_filter");
    case ErrorKind::kBadGatewayHtml:
    case ErrorKind::kStatus:
      return OtherStatus(error.status);
  }
  return "";
}

}  // namespace mock_provider
