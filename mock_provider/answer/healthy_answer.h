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

// Unix seconds, the same in every run: 2026-01-01T00:00:00Z.
inline constexpr std::int64_t kCreatedAtStart = 1767225600;

// What differs between two answers to the same request.
struct AnswerIdentity {
  std::string completion_id{};
  std::string request_id{};
  std::int64_t created = 0;  // Unix seconds
};

// POST …/chat/completions, GET …/models and …/models/ID; else 404, 405 or 400. The slash of an ID may come as
// it is, or percent-encoded as SDKs send it. A reply shapes the completion, or replaces the answer where it
// has a body of its own.
HttpAnswer HealthyAnswer(const Provider& provider, const HttpRequest& http, const ChatRequest& chat,
                         const AnswerIdentity& identity, const std::optional<Reply>& reply);

// The tokens that the scenario's reply says its answer took; nullopt where it says nothing of them.
std::optional<std::int64_t> StatedTokens(const Provider& provider, const ChatRequest& chat,
                                         const Reply& reply, const HttpAnswer& answer);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_HEALTHY_ANSWER_H_
