#include "proxy/config/listen_address.h"

#include <fmt/format.h>

#include <charconv>

namespace arbstr::proxy {

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  const auto wrong = [&] {
    return absl::InvalidArgumentError(fmt::format("must be HOST:PORT (or [IPV6]:PORT), is \"{}\"", text));
  };
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return wrong();
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return wrong();
  }
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (host.empty() || error != std::errc() || last != end) return wrong();
  return ListenAddress{host, port};
}

std::string ToString(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != address.host.npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

bool IsLoopback(const ListenAddress& address) {
  return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

}  // namespace arbstr::proxy
