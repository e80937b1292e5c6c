// The errors of real providers as answers, each in its dialect.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_ANSWER_H_

#include <cstdint>
#include <string>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/dialect.h"

namespace mock_provider {

// What the texts of errors quote.
struct ErrorContext {
  std::string model{};       // as the client sent it, which need not be UTF-8
  std::string request_id{};  // "req_…"
  std::string key{};         // as the client sent it; quoted masked
  double unix_ms = 0;        // the wall clock's, for headers that name a time of day
};

inline constexpr std::int64_t kUsualRetryAfterMs = 1000;  // of a rate_limit that names no wait

// bad_gateway_html is HTML in every dialect.
HttpAnswer MakeErrorAnswer(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context);

// The same error as an event inside a stream that began well.
std::string MakeErrorEvent(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context);

// A refusal of something the client did wrong, in the dialect's shape, with no ids in it. `code` and
// `param` may be empty, which makes them null; Anthropic has neither.
HttpAnswer MakeRefusal(Dialect dialect, int status, const std::string& message, const std::string& code,
                       const std::string& param = "");

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_ANSWER_H_
