#ifndef ARBSTR_PROXY_CONFIG_OUTBOUND_PROXY_H_
#define ARBSTR_PROXY_CONFIG_OUTBOUND_PROXY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "proxy/config/environment.h"
#include "proxy/config/provider_url.h"

namespace arbstr::proxy {

// An HTTP proxy on the way to providers.
struct OutboundProxy {
  std::string host;  // a name or an address; IPv6 without its brackets
  std::uint16_t port = 0;
  std::string authorization;  // the Proxy-Authorization value, a secret; empty: none

  bool operator==(const OutboundProxy&) const = default;
};

// "HOST:PORT": what may be shown of it.
std::string DisplayProxy(const OutboundProxy& proxy);

// The proxy that the environment names for requests to `url`; nothing: straight there. As with curl, a
// variable's lower-case name goes before the upper-case one, https_proxy and HTTPS_PROXY are for https URLs,
// http_proxy is for http ones (HTTP_PROXY is what a CGI request's Proxy header would be called), and no_proxy
// or NO_PROXY lists the exceptions. An error names the variable, and does not quote it: it may hold a
// password.
absl::StatusOr<std::optional<OutboundProxy>> ProxyFor(const ProviderUrl& url, const Environment& env);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_OUTBOUND_PROXY_H_
