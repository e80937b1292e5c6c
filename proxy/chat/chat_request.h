// What the gateway reads of a chat request's body. The body itself goes on as the bytes that came.
#ifndef ARBSTR_PROXY_CHAT_CHAT_REQUEST_H_
#define ARBSTR_PROXY_CHAT_CHAT_REQUEST_H_

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "proxy/chat/body_splice.h"
#include "proxy/http/api_error.h"
#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

// Longest accepted model name. Rows and circuit breakers keep it, so a client must not choose the size.
// OpenAI's own names have less than a hundred.
inline constexpr std::size_t kMaxModelBytes = 512;

struct ChatRequest {
  std::string model;
  bool stream = false;
  // The client said whether it wants usage in the stream; absent: it did not.
  std::optional<bool> include_usage;
  uint64_t choices = 1;  // `n`; 1 where that is no whole number
  // Of the last user message: string content, or its first text part. Empty where it was not asked for.
  std::string last_user_text;
  std::optional<BodyPlaces> places;  // of a large body; others are looked through where it is needed
};

// For an estimate of what a request will cost, before any provider has counted.
struct TokenEstimate {
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

// Validates the whole body as JSON (RFC 8259, UTF-8, at most 1,024 levels deep) and reads it once. The error
// is a 400 invalid_body that names the mistake's path. `parser` keeps its memory for the next call.
// `keep_text`: whether last_user_text is wanted, which may be as long as the body.
std::variant<ChatRequest, ApiError> ReadChatRequest(const BodyBuffer& body, simdjson::dom::parser& parser,
                                                    bool keep_text = true);

// Four bytes of text a token; the answer as long as the request allows, 500 tokens where it does not say.
TokenEstimate EstimateTokens(const BodyBuffer& body, simdjson::dom::parser& parser);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_CHAT_REQUEST_H_
