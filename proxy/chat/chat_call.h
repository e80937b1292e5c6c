// One chat request as the session hands it over: the whole of it has arrived.
#ifndef ARBSTR_PROXY_CHAT_CHAT_CALL_H_
#define ARBSTR_PROXY_CHAT_CHAT_CALL_H_

#include <chrono>
#include <string>

#include "proxy/client/client_connection.h"
#include "proxy/http/body_buffer.h"
#include "proxy/http/message_parser.h"
#include "proxy/net/interrupt.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

struct ChatCall {
  LoopSetup& loop_setup;  // what it began with; the caller keeps it
  const RequestParser& head;
  const BodyBuffer& body;
  ClientConnection& client;
  Interrupt& interrupt;
  const std::string& request_id;
  std::chrono::system_clock::time_point timestamp;
  std::chrono::steady_clock::time_point arrived;
  bool draining;  // it arrived when the gateway was ending already

  const Setup& setup() const { return *loop_setup.shared; }
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_CHAT_CALL_H_
