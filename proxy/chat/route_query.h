#ifndef ARBSTR_PROXY_CHAT_ROUTE_QUERY_H_
#define ARBSTR_PROXY_CHAT_ROUTE_QUERY_H_

#include <chrono>
#include <optional>
#include <string_view>

#include "proxy/chat/chat_request.h"
#include "proxy/worker.h"
#include "router/router.h"

namespace arbstr::proxy {

// What a request of that policy asks the router at that time, but for its turn of round robin: only a request
// that is made takes one. Looks into all that is given, and is valid until the next of the same `setup`.
router::Query QueryOf(LoopSetup& setup, const ChatRequest& request, std::optional<std::string_view> policy,
                      std::chrono::steady_clock::time_point now);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ROUTE_QUERY_H_
