#ifndef ARBSTR_PROXY_CONFIG_PROVIDER_URL_H_
#define ARBSTR_PROXY_CONFIG_PROVIDER_URL_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace arbstr::proxy {

// Where a provider's chat requests go.
struct ProviderUrl {
  bool tls = false;
  std::string host;  // a name or an address; IPv6 without its brackets
  std::uint16_t port = 0;
  std::string path_and_query;  // the request target, e.g. "/v1/chat/completions?api-version=1"
  std::string host_header;  // the Host value: brackets around IPv6, the port only where it is not the default

  bool operator==(const ProviderUrl&) const = default;
};

// Reads a provider's base URL, http or https, and appends /chat/completions to its path, before a query.
// User info and a fragment are refused.
absl::StatusOr<ProviderUrl> ParseProviderUrl(const std::string& text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_PROVIDER_URL_H_
