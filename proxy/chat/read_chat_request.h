// Bodies of chat requests read where they hold no event loop up.
#ifndef ARBSTR_PROXY_CHAT_READ_CHAT_REQUEST_H_
#define ARBSTR_PROXY_CHAT_READ_CHAT_REQUEST_H_

#include <simdjson.h>

#include <cstddef>
#include <functional>
#include <variant>

#include "proxy/chat/chat_call.h"
#include "proxy/chat/chat_request.h"
#include "proxy/net/task.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

// The dearest JSON, numbers of many digits, takes 7 ns a byte: two milliseconds for as much. 33 MB of it took
// a quarter of a second.
inline constexpr size_t kLargeBody = size_t{256} << 10;

// Reads a larger body elsewhere: `read` is called there, with that thread's parser. What it uses outlives the
// wait, which no interrupt ends.
Task<> ReadElsewhere(Worker& worker, std::function<void(simdjson::dom::parser&)> read);

// Reads a larger request so; also where it may be changed, if a provider might need that.
Task<> ReadLargeChatRequest(Worker& worker, const ChatCall& call, std::variant<ChatRequest, ApiError>& read);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_READ_CHAT_REQUEST_H_
