// GET /metrics: made on a thread of its own, since it reads files and locks what loops hold now and then.
#ifndef ARBSTR_PROXY_SERVER_METRICS_ROUTE_H_
#define ARBSTR_PROXY_SERVER_METRICS_ROUTE_H_

#include <optional>

#include "proxy/client/client_connection.h"
#include "proxy/http/response.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/task.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

// Nothing where the client leaves or `interrupt` fires first.
Task<std::optional<Response>> AnswerMetrics(Worker& worker, ClientConnection& client, Interrupt& interrupt);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_METRICS_ROUTE_H_
