#ifndef ARBSTR_PROXY_CLIENT_CLIENT_WATCH_H_
#define ARBSTR_PROXY_CLIENT_CLIENT_WATCH_H_

#include "proxy/client/client_connection.h"
#include "proxy/net/interrupt.h"

namespace arbstr::proxy {

// While it lives, a client that leaves interrupts the request. Both outlive it.
class ClientWatch {
 public:
  ClientWatch(ClientConnection& client, Interrupt& interrupt) : client_(client) {
    client_.Watch([&interrupt] { interrupt.Fire(InterruptReason::kClientGone); });
  }
  ~ClientWatch() { client_.Unwatch(); }
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

 private:
  ClientConnection& client_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CLIENT_CLIENT_WATCH_H_
