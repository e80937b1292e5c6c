#ifndef ARBSTR_PROXY_CONFIG_LISTEN_ADDRESS_H_
#define ARBSTR_PROXY_CONFIG_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace arbstr::proxy {

struct ListenAddress {
  std::string host = "127.0.0.1";  // a name or an address; IPv6 without its brackets
  std::uint16_t port = 8080;       // 0: any free port

  bool operator==(const ListenAddress&) const = default;
};

// Reads HOST:PORT, for IPv6 [HOST]:PORT.
absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text);

// HOST:PORT as ParseListenAddress reads it.
std::string ToString(const ListenAddress& address);

// Whether only this machine can connect: 127.0.0.0/8, ::1 or localhost.
bool IsLoopback(const ListenAddress& address);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_LISTEN_ADDRESS_H_
