#ifndef ARBSTR_PROXY_CONFIG_HTTP_URL_H_
#define ARBSTR_PROXY_CONFIG_HTTP_URL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace arbstr::proxy {

// An http or https URL in its parts (RFC 3986 §3), those behind the host encoded as they stand there.
struct HttpUrl {
  bool tls = false;
  std::optional<std::string> user_info;  // decoded, USER:PASSWORD
  std::string host;                      // a name or an address, in lower case; IPv6 without its brackets
  std::uint16_t port = 0;                // the scheme's own where there is none
  std::string path;                      // empty or from a slash on
  std::optional<std::string> query;
  bool has_fragment = false;

  std::uint16_t default_port() const { return tls ? 443 : 80; }
};

// An error says what is the matter with the URL ("it is not a valid URL") without quoting it: it may hold a
// secret.
absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_HTTP_URL_H_
