#ifndef ARBSTR_PROXY_UPSTREAM_CONNECT_TUNNEL_H_
#define ARBSTR_PROXY_UPSTREAM_CONNECT_TUNNEL_H_

#include <cstdint>
#include <string>

#include "proxy/net/connect.h"

namespace arbstr::proxy {

// The way through an HTTP proxy that CONNECT opens (RFC 9110 §9.3.6). What then goes through it is TLS with
// the provider itself, so the proxy sees the provider's name and nothing else.
class ConnectTunnel final : public Tunnel {
 public:
  // `host`: of the provider, IPv6 without its brackets. `authorization`: the Proxy-Authorization value;
  // empty: none.
  ConnectTunnel(const std::string& host, std::uint16_t port, const std::string& authorization);

  Task<std::string> Open(ByteStream& stream, Interrupt& interrupt) const override;

 private:
  const std::string authority_;
  const std::string request_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_CONNECT_TUNNEL_H_
