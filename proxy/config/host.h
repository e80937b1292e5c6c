#ifndef ARBSTR_PROXY_CONFIG_HOST_H_
#define ARBSTR_PROXY_CONFIG_HOST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// Whether `host`, IPv6 without its brackets, consists of what names and addresses are made of (RFC 3986
// §3.2.2 allows more), and is no longer than a name can be.
bool IsUsableHost(const std::string& host);

// A port, 0 to 65535, in decimal digits.
std::optional<std::uint16_t> ParsePort(std::string_view digits);

// HOST:PORT, for IPv6 [HOST]:PORT.
std::string HostAndPort(const std::string& host, std::uint16_t port);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_HOST_H_
