// {"type":"error","error":{"type":TYPE,"message":TEXT},"request_id":"req_…"}
#include <fmt/format.h>

#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/http/json_text.h"

namespace mock_provider {
namespace {

std::string Body(const char* type, const std::string& message, const ErrorContext& context) {
  return fmt::format(R"({{"type":"error","error":{{"type":"{}","message":{}}},"request_id":{}}})", type,
                     QuoteJsonLossy(message), QuoteJson(context.request_id));
}

const char* TypeOfStatus(int status) {
  switch (status) {
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

std::string AnthropicErrorBody(const ResolvedError& error, const ErrorContext& context) {
  switch (error.kind) {
    case ErrorKind::kRateLimit:
      return Body("rate_limit_error", "This request would exceed your organization's rate limit.", context);
    case ErrorKind::kInsufficientQuota:
      return Body("billing_error", "Your credit balance is too low to access the Anthropic API.", context);
    case ErrorKind::kOverloaded:
      return Body("overloaded_error", "Overloaded", context);
    case ErrorKind::kServerError:
      return Body("api_error", "Internal server error", context);
    case ErrorKind::kContextLength:
      return Body("invalid_request_error", "prompt is too long: 208227 tokens > 200000 maximum", context);
    case ErrorKind::kInvalidApiKey:
      return Body("authentication_error", "invalid x-api-key", context);
    case ErrorKind::kModelNotFound:
      return Body("not_found_error", "model: " + context.model, context);
    case ErrorKind::kContentFilter:
      return Body("invalid_request_error", "Output blocked by content filtering policy", context);
    case ErrorKind::kBadGatewayHtml:
    case ErrorKind::kStatus:
      return Body(TypeOfStatus(error.status), fmt::format("The request failed with status {}.", error.status),
                  context);
  }
  return "";
}

}  // namespace mock_provider
