// How long one request may take.
#ifndef ARBSTR_PROXY_CHAT_REQUEST_DEADLINE_H_
#define ARBSTR_PROXY_CHAT_REQUEST_DEADLINE_H_

#include <chrono>
#include <string>
#include <variant>

#include "proxy/chat/chat_request.h"
#include "proxy/config/config.h"
#include "proxy/http/message_parser.h"

namespace arbstr::proxy {

struct RequestDeadline {
  std::chrono::milliseconds time;  // from the arrival of the whole request
  std::string limit;               // in words, with the setting it comes from
  std::string remedy;              // how to get more: a sentence
};

// The header x-arbstr-deadline-ms, else the first glob of deadline_by_model that fits, else deadline_ms.
// Streams that fail fast: first_event_ms. A stream's ends with its first event, or its first token where it
// is retried until then. An error for a header that is not 1 to max_deadline_ms.
std::variant<RequestDeadline, ApiError> ReadRequestDeadline(const RetryConfig& config,
                                                            const RequestParser& head,
                                                            const ChatRequest& request);

// `*` stands for any characters, none included, and `?` for one; all else for itself.
bool MatchesGlob(std::string_view glob, std::string_view text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_REQUEST_DEADLINE_H_
