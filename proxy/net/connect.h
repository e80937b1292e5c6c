// One new connection to a host: name, TCP and TLS, and words for what went wrong.
#ifndef ARBSTR_PROXY_NET_CONNECT_H_
#define ARBSTR_PROXY_NET_CONNECT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "proxy/net/byte_stream.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/resolver.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// The way on from a proxy that has been connected to.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  // Empty: open, and what is written to `stream` now goes to the target. Else why not. `interrupt` ends it.
  virtual Task<std::string> Open(ByteStream& stream, Interrupt& interrupt) const = 0;
};

// Where a connection goes in place of its target.
struct ProxyHop {
  std::string host;
  uint16_t port = 0;
  std::string name;                      // in messages; no secret in it
  std::shared_ptr<const Tunnel> tunnel;  // null: the proxy itself is spoken to
};

struct ConnectTarget {
  std::string host;  // a name or an address literal, without brackets
  uint16_t port = 0;
  // Null: plain. Else a client context that verifies the peer; the certificate must be `host`'s.
  std::shared_ptr<asio::ssl::context> tls;
  std::optional<ProxyHop> proxy = std::nullopt;
};

enum class ConnectFailure {
  kNone,
  kName,
  kTcp,
  kTls,
  kOwnLimit,  // the gateway had no descriptor, port or memory left for it, which says nothing about the host
  kInterrupted
};

struct ConnectResult {
  std::unique_ptr<ByteStream> stream;  // null on failure
  ConnectFailure failure = ConnectFailure::kNone;
  std::string message;  // for the log and the client: no secret in it
};

// Tries the host's addresses in turn, or the proxy's. After `timeout` in all, `interrupt` carries
// kConnectTimeout; whatever else fires it ends this too.
Task<ConnectResult> Connect(const ConnectTarget& target, Resolver& resolver, DeadlineWheel& wheel,
                            std::chrono::milliseconds timeout, Interrupt& interrupt);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_CONNECT_H_
