// The routes that answer from what the gateway knows itself.
#ifndef ARBSTR_PROXY_SERVER_ADMIN_ROUTES_H_
#define ARBSTR_PROXY_SERVER_ADMIN_ROUTES_H_

#include <optional>
#include <string>

#include "proxy/http/body_buffer.h"
#include "proxy/http/message_parser.h"
#include "proxy/http/response.h"
#include "proxy/net/task.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

Response HealthResponse(const Worker& worker);
Response ProvidersResponse(const Worker& worker);
Response ModelsResponse(const Worker& worker);
Response ModelResponse(Worker& worker, const std::string& id);
// Where a chat request of this body would go and about what it would cost; no provider is asked. Both outlive
// the wait, which is for a large body to be read.
Task<std::optional<Response>> AnswerCost(Worker& worker, const RequestParser& head, const BodyBuffer& body);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_ADMIN_ROUTES_H_
