// What the mock reads of a chat request's body. A body that is not one reads as an empty request: rules are
// still asked about it, and a healthy provider then refuses it.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_CHAT_REQUEST_H_
#define ARBSTR_MOCK_PROVIDER_RULES_CHAT_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "mock_provider/http/http_request.h"
#include "mock_provider/scenario/dialect.h"

namespace mock_provider {

struct ChatRequest {
  bool is_json = false;       // a JSON object
  bool has_messages = false;  // with an array "messages"
  // What "stream" and "messages" are instead of a boolean and an array, as in "a string"; else empty.
  std::string wrong_stream{}, wrong_messages{};
  std::string model{};
  bool stream = false;
  bool include_usage = false;  // stream_options.include_usage
  std::string prompt{};        // the text of all messages, a line each
  std::int64_t prompt_words = 0;
  std::int64_t max_tokens = 0;  // max_completion_tokens or max_tokens; 0: not given
  std::int64_t choices = 1;     // n; 0: given, but no whole number
};

ChatRequest ReadChatRequest(const std::string& body);

// The same of a provider's request: Azure has the model in the path, where the body names none.
ChatRequest ReadChatRequest(Dialect dialect, const HttpRequest& http);

// The value at a JSON pointer, as JSON text; nullopt where there is none or the body is not JSON.
std::optional<std::string> BodyValueAt(const std::string& body, const std::string& pointer);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_CHAT_REQUEST_H_
