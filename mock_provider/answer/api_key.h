// The key that a provider's clients have to show.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_API_KEY_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_API_KEY_H_

#include <optional>
#include <string>

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/http_request.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// The key a request carries, in whichever header; empty for none.
std::string KeyOf(Dialect dialect, const HttpRequest& http);

// The dialect's 401, where the provider wants a key and the one of the context is none of its keys. OpenAI
// has other words for no key at all.
std::optional<HttpAnswer> RefuseWrongKey(const Provider& provider, const ErrorContext& context);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_API_KEY_H_
