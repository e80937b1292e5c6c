// What a provider in good health answers: the routes it serves, and its refusals of what it does not.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_HEALTHY_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_HEALTHY_ANSWER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/http_request.h"
#include "mock_provider/rules/chat_request.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// What differs between two answers to the same request.
struct AnswerIdentity {
  std::string completion_id{};
  std::string request_id{};
  std::int64_t created = 0;  // Unix seconds
};

// The dialect's 401, where the provider wants a key and the request has none of its keys.
std::optional<HttpAnswer> RefuseWrongKey(const Provider& provider, const HttpRequest& http,
                                         const AnswerIdentity& identity);

// POST …/chat/completions, GET …/models and …/models/ID; else 404, 405 or 400. A reply shapes the completion,
// or replaces the answer where it has a body of its own.
HttpAnswer HealthyAnswer(const Provider& provider, const HttpRequest& http, const ChatRequest& chat,
                         const AnswerIdentity& identity, const std::optional<Reply>& reply);

// The key a request carries, in whichever header; empty for none.
std::string KeyOf(Dialect dialect, const HttpRequest& http);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_HEALTHY_ANSWER_H_
