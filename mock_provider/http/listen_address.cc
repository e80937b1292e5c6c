#include "mock_provider/http/listen_address.h"

#include <fmt/format.h>

#include <charconv>

#include "mock_provider/http/server_name.h"

namespace mock_provider {

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  const auto mistake = [&] {
    return absl::InvalidArgumentError(fmt::format(
        "\"{}\" is no HOST:PORT; HOST is an IP address or localhost, PORT from 0 to 65535", text));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return mistake();
  ListenAddress address;
  address.host = text.substr(0, colon);
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, address.port);
  if (error != std::errc() || stop != end || !IsIpAddress(address.host)) return mistake();
  return address;
}

}  // namespace mock_provider
