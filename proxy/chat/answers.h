// The responses to a chat request, from what became of it. Pure: no I/O, no clock.
#ifndef ARBSTR_PROXY_CHAT_ANSWERS_H_
#define ARBSTR_PROXY_CHAT_ANSWERS_H_

#include <string>
#include <string_view>

#include "proxy/chat/attempt.h"
#include "proxy/chat/chat_request.h"
#include "proxy/chat/request_deadline.h"
#include "proxy/chat/skipped_candidates.h"
#include "proxy/http/api_error.h"
#include "proxy/http/response.h"
#include "router/router.h"

namespace arbstr::proxy {

// X-Arbstr-Policy is there more than once.
ApiError PolicyTwiceApiError();
ApiError RouteApiError(router::RouteError error, const ChatRequest& request, std::string_view policy);
ApiError DeadlineApiError(const RequestDeadline& deadline);
// Every candidate was skipped.
ApiError NoProviderAvailableApiError(const SkippedCandidates& skipped);
ApiError LogUnavailableApiError();
ApiError ShutdownApiError();

// The last failure, or a final answer such as a 4xx: the provider's own body where it has OpenAI's shape (its
// key masked), else an error of ours that quotes it.
Response FailureResponse(AttemptResult&& last, const Upstream& upstream, simdjson::dom::parser& parser);

// The provider's answer, as it came.
Response SuccessResponse(AttemptResult&& answer);

// x-arbstr-provider and x-arbstr-retries, where there is something to say; to every response of a chat
// request.
void AddRouteFields(std::string& fields, const std::string* provider, const std::string& retries);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ANSWERS_H_
