// The spine: one chat request from its parsed head and body to its answer and its row.
#ifndef ARBSTR_PROXY_CHAT_CHAT_HANDLER_H_
#define ARBSTR_PROXY_CHAT_CHAT_HANDLER_H_

#include <optional>

#include "proxy/chat/chat_call.h"
#include "proxy/chat/evidence.h"
#include "proxy/http/response.h"
#include "proxy/worker.h"
#include "router/router.h"

namespace arbstr::proxy {

struct ChatResult {
  std::optional<Response> response;  // nothing: the answer was streamed, or there is nobody to answer
  bool close = false;                // the connection ends with it
  bool cut = false;                  // and not cleanly: the answer is not whole
  bool has_row = true;               // and with it a line in our own log

  void Cut() { close = cut = true; }
};

// Answers one call. Everything of the request lives in this coroutine's frame. The result is filled in place:
// a request that waits for a provider holds no copies of what will be said about it.
Task<> HandleChat(Worker& worker, const ChatCall& call, ChatResult& result);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_CHAT_HANDLER_H_
