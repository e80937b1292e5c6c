// Who makes new connections for an event loop.
#ifndef ARBSTR_PROXY_NET_CONNECTOR_H_
#define ARBSTR_PROXY_NET_CONNECTOR_H_

#include <chrono>

#include "proxy/net/connect.h"

namespace arbstr::proxy {

// The gateway's is SocketConnector; a simulation has its own.
class Connector {
 public:
  virtual ~Connector() = default;
  // As the function Connect does it. Everything given outlives the call.
  virtual Task<ConnectResult> Connect(const ConnectTarget& target, std::chrono::milliseconds timeout,
                                      Interrupt& interrupt) = 0;
};

class SocketConnector final : public Connector {
 public:
  SocketConnector(Resolver& resolver, DeadlineWheel& wheel) : resolver_(resolver), wheel_(wheel) {}
  Task<ConnectResult> Connect(const ConnectTarget& target, std::chrono::milliseconds timeout,
                              Interrupt& interrupt) override {
    return proxy::Connect(target, resolver_, wheel_, timeout, interrupt);
  }

 private:
  Resolver& resolver_;
  DeadlineWheel& wheel_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_CONNECTOR_H_
