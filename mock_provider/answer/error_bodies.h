// What an error answer is made of, by dialect.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/action.h"

namespace mock_provider {

// An error with its status known, before the dialect words it. `kind` is kStatus only where the dialect has
// no error of its own for the status.
struct ResolvedError {
  ErrorKind kind = ErrorKind::kStatus;
  int status = 500;
  std::optional<std::int64_t> retry_after_ms{};
};

// The JSON body, each in its dialect's own shape and words.
std::string OpenAiErrorBody(const ResolvedError& error, const ErrorContext& context);
std::string AzureErrorBody(const ResolvedError& error, const ErrorContext& context);
std::string AnthropicErrorBody(const ResolvedError& error, const ErrorContext& context);

// Ids, waits and limits, as the dialect sends them with that error.
void AddErrorHeaders(Dialect dialect, const ResolvedError& error, const ErrorContext& context,
                     HttpAnswer& answer);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_ERROR_BODIES_H_
