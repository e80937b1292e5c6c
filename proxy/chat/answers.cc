#include "proxy/chat/answers.h"

#include <fmt/format.h>

#include "proxy/chat/completion.h"
#include "proxy/chat/excerpt.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/chat/passed_fields.h"

namespace arbstr::proxy {

ApiError PolicyTwiceApiError() {
  return {400, "policy_not_found", "X-Arbstr-Policy is there more than once: name one policy.", ""};
}

ApiError RouteApiError(router::RouteError error, const ChatRequest& request, std::string_view policy) {
  switch (error) {
    case router::RouteError::kModelNotFound:
    case router::RouteError::kNone:
      break;
    case router::RouteError::kPolicyNotFound:
      return {400, "policy_not_found",
              fmt::format("There is no policy `{}`: X-Arbstr-Policy must name one of the configuration.",
                          Excerpt(policy)),
              ""};
    case router::RouteError::kPolicyNoMatch:
      return {
          400, "policy_no_match",
          fmt::format("The policy `{}` allows no provider for the model `{}`: use another model or policy.",
                      Excerpt(policy), Excerpt(request.model)),
          "model"};
  }
  return {400, "model_not_found",
          fmt::format("No provider serves the model `{}`: GET /v1/models lists those that are served.",
                      Excerpt(request.model)),
          "model"};
}

ApiError DeadlineApiError(const RequestDeadline& deadline) {
  return {504, "deadline_exceeded",
          fmt::format("No answer within {}. {}", deadline.limit(), deadline.remedy()), ""};
}

ApiError NoProviderAvailableApiError(const SkippedCandidates& skipped) {
  return {503, "no_provider_available",
          fmt::format("No provider was asked for this model: {}. Try again after the time of Retry-After.",
                      skipped.Sentence()),
          ""};
}

ApiError LogUnavailableApiError() {
  return {503, "log_unavailable",
          "The request log takes no more rows, so the request was not sent to any provider. Try again; if it "
          "stays so, check the gateway's database.",
          ""};
}

ApiError ShutdownApiError() {
  return {503, "draining", "The gateway is shutting down and did not finish this request: send it again.",
          ""};
}

Response SuccessResponse(AttemptResult&& answer) {
  Response response;
  response.status = answer.status;
  response.fields = std::move(answer.fields);
  response.provider_body = std::move(answer.body);
  return response;
}

Response FailureResponse(AttemptResult&& last, const Upstream& upstream, simdjson::dom::parser& parser) {
  Response response;
  if (last.responded && OpenAiErrorMessage(last.body, parser)) {
    response.status = last.status;
    response.fields = std::move(last.fields);
    std::string masked = MaskSecrets(std::string(last.body.view()), upstream.secrets);
    if (masked != last.body.view()) {
      response.body = std::move(masked);
    } else {
      response.provider_body = std::move(last.body);
    }
  } else {
    const std::string said =
        last.responded
            ? fmt::format("Provider {} answered {}: {}", upstream.config.name, last.status, last.error)
            : fmt::format("Provider {}: {}", upstream.config.name, last.error);
    response = ErrorResponse({last.status, last.code, said, ""});
    response.fields += WithoutField(WithoutField(last.fields, "content-type"), "content-encoding");
  }
  if (response.status >= 502 && response.status <= 504) {
    // What could be retried has been: OpenAI's SDKs would multiply our attempts by theirs.
    response.fields = WithoutField(response.fields, "x-should-retry");
    AddField(response.fields, "x-should-retry", "false");
  }
  return response;
}

void AddRouteFields(std::string& fields, const std::string* provider, const std::string& retries) {
  if (provider != nullptr) AddField(fields, "x-arbstr-provider", *provider);
  if (!retries.empty()) AddField(fields, "x-arbstr-retries", retries);
}

}  // namespace arbstr::proxy
