// "127.0.0.1:9101", "localhost:0", "[::1]:80": where a listener binds.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_LISTEN_ADDRESS_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_LISTEN_ADDRESS_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

namespace mock_provider {

struct ListenAddress {
  std::string host = "127.0.0.1";  // an IP address; brackets are stripped
  std::uint16_t port = 0;          // 0: any free one
};

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_LISTEN_ADDRESS_H_
