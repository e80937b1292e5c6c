// The errors of real providers: status, headers and body of each, by dialect.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_

#include <string>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// What the texts of errors quote.
struct ErrorContext {
  std::string model{};
  std::string request_id{};  // "req_…"
  std::string key{};         // as the client sent it; quoted masked
  double unix_ms = 0;        // the wall clock's, for headers that name a time of day
};

// An error with its status settled, before the dialect words it. `kind` is kStatus only where the dialect has
// no error of its own for the status.
struct SettledError {
  ErrorKind kind = ErrorKind::kStatus;
  int status = 500;
  std::optional<std::int64_t> retry_after_ms{};
};
SettledError Settle(Dialect dialect, const ErrorAnswer& error);

// The JSON body, each in its dialect's own shape and words.
std::string OpenAiErrorBody(const SettledError& error, const ErrorContext& context);
std::string AzureErrorBody(const SettledError& error, const ErrorContext& context);
std::string AnthropicErrorBody(const SettledError& error, const ErrorContext& context);

// Ids, waits and limits, as the dialect sends them with that error.
void AddErrorHeaders(Dialect dialect, const SettledError& error, const ErrorContext& context,
                     HttpAnswer& answer);

// The whole answer. bad_gateway_html is HTML in every dialect.
HttpAnswer MakeErrorAnswer(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context);

// The same error as an event inside a stream that began well.
std::string MakeErrorEvent(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context);

// An OpenAI-shaped refusal of something the client did wrong. `code` may be empty, which makes it null.
HttpAnswer MakeRefusal(Dialect dialect, int status, const std::string& message, const std::string& code);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_
