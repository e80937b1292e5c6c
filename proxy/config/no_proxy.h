#ifndef ARBSTR_PROXY_CONFIG_NO_PROXY_H_
#define ARBSTR_PROXY_CONFIG_NO_PROXY_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// Whether a NO_PROXY list sends requests to `host` and `port` past the proxy. Its entries, between commas or
// spaces: "*" is every host; a name is that host and all below it, with a dot or "*." before it or not; an
// address is itself; "10.0.0.0/8" is a network of addresses; ":PORT" behind a name or an address makes it
// that port's alone. What is none of these matches nothing. Names are not looked up, so an address or a
// network matches only a host that is written as an address.
bool IsExemptFromProxy(std::string_view list, const std::string& host, std::uint16_t port);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_NO_PROXY_H_
