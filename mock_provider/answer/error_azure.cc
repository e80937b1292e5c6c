// {"error":{"code":TEXT,"message":TEXT}}; the content filter's has more.
#include <fmt/format.h>

#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/http/json_text.h"

namespace mock_provider {
namespace {

std::string Body(const std::string& code, const std::string& message) {
  return fmt::format(R"({{"error":{{"code":{},"message":{}}}}})", QuoteJson(code), QuoteJson(message));
}

constexpr const char* kContentFilter =
    R"({"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management )"
    R"(policy. Please modify your prompt and retry.","type":null,"param":"prompt","code":"content_filter",)"
    R"("status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":)"
    R"({"filtered":false,"severity":"safe"},"jailbreak":{"filtered":false,"detected":false},"violence":)"
    R"({"filtered":true,"severity":"medium"}}}}})";

std::string RateLimit(const ResolvedError& error) {
  const std::int64_t seconds = (error.retry_after_ms.value_or(kUsualRetryAfterMs) + 999) / 1000;
  return Body(
      "429", fmt::format("Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
                         "2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. "
                         "Please retry after {} seconds. Please go here: https://aka.ms/oai/quotaincrease if "
                         "you would like to further increase the default rate limit.",
                         seconds));
}

}  // namespace

std::string AzureErrorBody(const ResolvedError& error, const ErrorContext& context) {
  switch (error.kind) {
    case ErrorKind::kRateLimit:
      return RateLimit(error);
    case ErrorKind::kContentFilter:
      return kContentFilter;
    case ErrorKind::kInvalidApiKey:
      return Body("401",
                  "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide "
                  "a valid key for an active subscription and use a correct regional API endpoint for your "
                  "resource.");
    case ErrorKind::kModelNotFound:
      return Body(
          "DeploymentNotFound",
          "The API deployment for this resource does not exist. If you created the deployment within the "
          "last 5 minutes, please wait a moment and try again.");
    case ErrorKind::kServerError:
      return Body("InternalServerError", "Internal server error");
    case ErrorKind::kOverloaded:
      return Body("ServiceUnavailable",
                  "The service is temporarily unable to process your request. Please try again "
                  "later.");
    case ErrorKind::kContextLength:
    case ErrorKind::kInsufficientQuota:
      return OpenAiErrorBody(error, context);
    case ErrorKind::kBadGatewayHtml:
    case ErrorKind::kStatus:
      return Body(std::to_string(error.status),
                  fmt::format("The request failed with status {}.", error.status));
  }
  return "";
}

}  // namespace mock_provider
