#include "proxy/config/listen_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "proxy/config/host.h"

namespace arbstr::proxy {
namespace {

bool IsIpv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

absl::Status Malformed(const std::string& why) {
  return absl::InvalidArgumentError(
      fmt::format("must be HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080; {}", why));
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  if (text.find("://") != std::string::npos) return Malformed("leave the http:// out");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return Malformed("the port is missing");
  const std::optional<std::uint16_t> port = ParsePort(std::string_view(text).substr(colon + 1));
  std::string host = text.substr(0, colon);
  if (host.empty()) return Malformed("the host is missing; 0.0.0.0 listens on every interface");
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (!IsIpv6(host)) return Malformed("what is in brackets is not an IPv6 address");
  } else if (host.find(':') != std::string::npos) {
    return Malformed("an IPv6 address needs brackets");
  } else if (!IsUsableHost(host)) {
    return Malformed("the host is neither a name nor an address");
  }
  if (!port) return Malformed("the port is not a number from 0 to 65535");
  return ListenAddress{host, *port};
}

std::string ToString(const ListenAddress& address) { return HostAndPort(address.host, address.port); }

bool IsLoopback(const ListenAddress& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.host.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
  }
  return address.host == "localhost";
}

}  // namespace arbstr::proxy
