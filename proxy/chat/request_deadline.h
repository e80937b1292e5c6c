// How long one request may take.
#ifndef ARBSTR_PROXY_CHAT_REQUEST_DEADLINE_H_
#define ARBSTR_PROXY_CHAT_REQUEST_DEADLINE_H_

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/chat/chat_request.h"
#include "proxy/config/config.h"
#include "proxy/http/message_parser.h"

namespace arbstr::proxy {

struct RequestDeadline {
  enum class Source { kHeader, kFirstEvent, kModel, kDefault };

  std::chrono::milliseconds time;  // from the arrival of the whole request
  Source source;
  std::string_view glob;           // of kModel; the configuration's
  std::chrono::milliseconds most;  // that the header may ask for
  // What the configuration gives a plain request for the model: by it providers are judged, whatever a client
  // asks for.
  std::chrono::milliseconds usual;

  // A client has asked for less.
  bool is_shortened() const { return source == Source::kHeader && time < usual; }

  // For the one request that it ends, in words: the limit with the setting it comes from, and how to get
  // more.
  std::string limit() const;
  std::string remedy() const;
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
