// Reads one request from a client: bounded before it is buffered, and refused with the status HTTP has for
// what is wrong.
#ifndef ARBSTR_PROXY_SERVER_REQUEST_INTAKE_H_
#define ARBSTR_PROXY_SERVER_REQUEST_INTAKE_H_

#include <memory>
#include <optional>

#include "proxy/client/client_connection.h"
#include "proxy/config/config.h"
#include "proxy/http/api_error.h"
#include "proxy/http/body_buffer.h"
#include "proxy/http/message_parser.h"

namespace arbstr::proxy {

struct IntakeResult {
  bool gone = false;                      // the client closed, or was idle for too long: nobody to answer
  std::unique_ptr<const ApiError> error;  // to be answered, and the connection closed
};

// Waits for a head: idle_timeout for its first byte, then header_timeout for all of it. `waiting` turns false
// with the first byte. Where the gateway drains, only a head that has begun to come is waited for.
Task<IntakeResult> ReadRequestHead(ClientConnection& client, const ServerConfig& limits, RequestParser& head,
                                   bool& waiting, const bool& draining);

bool HasBody(const RequestParser& head);
// What can be said against a body from its head alone: 411 and 413. `required`: the route needs one.
std::optional<ApiError> CheckBodyHead(const RequestParser& head, const ServerConfig& limits, bool required);

// Reads the whole body within body_timeout, after a 100 Continue where the client waits for one.
Task<IntakeResult> ReadRequestBody(ClientConnection& client, const ServerConfig& limits, RequestParser& head,
                                   BodyBuffer& body);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_REQUEST_INTAKE_H_
