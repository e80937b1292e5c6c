// The routes that answer from the log's rows: asked on the log's query thread, awaited on the request's loop.
#ifndef ARBSTR_PROXY_SERVER_LOG_ROUTES_H_
#define ARBSTR_PROXY_SERVER_LOG_ROUTES_H_

#include <optional>
#include <string_view>

#include "proxy/client/client_connection.h"
#include "proxy/http/response.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/task.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

// Both wait until the answer is there, the client has left or `interrupt` fires: nothing then. An error where
// the parameters of `target` are wrong, too many questions wait already, or the log cannot be read.
Task<std::optional<Response>> AnswerRequests(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                             std::string_view target);
Task<std::optional<Response>> AnswerStats(Worker& worker, ClientConnection& client, Interrupt& interrupt,
                                          std::string_view target);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_LOG_ROUTES_H_
