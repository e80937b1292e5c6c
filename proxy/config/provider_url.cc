#include "proxy/config/provider_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url.hpp>

#include "proxy/config/host.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kEndpoint = "/chat/completions";

// Never quotes the URL: it may carry a secret.
absl::Status Malformed(const std::string& why) {
  return absl::InvalidArgumentError(fmt::format("must be a URL like https://api.example.com/v1; {}", why));
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

absl::StatusOr<ProviderUrl> ParseProviderUrl(const std::string& text) {
  const boost::urls::result<boost::urls::url_view> parsed = boost::urls::parse_uri(text);
  if (!parsed) return Malformed("it is not a valid URL");
  const boost::urls::url_view& url = *parsed;
  if (url.scheme_id() != boost::urls::scheme::http && url.scheme_id() != boost::urls::scheme::https) {
    return Malformed("it begins with neither http:// nor https://");
  }
  // Boost.URL 1.81 reads "h:x" as a host and a path that begins with ":x".
  const auto path_read = url.encoded_path();
  if (!path_read.empty() && path_read.front() != '/') {
    return Malformed("its port is not a number from 1 to 65535");
  }
  if (url.host_type() == boost::urls::host_type::ipvfuture)
    return Malformed("its address is of no known kind");
  if (url.has_userinfo())
    return Malformed("a user or password in it is not supported; use api_key or headers");
  if (url.has_fragment()) return Malformed("it has a fragment (#...)");
  ProviderUrl result;
  result.tls = url.scheme_id() == boost::urls::scheme::https;
  const bool is_ipv6 = url.host_type() == boost::urls::host_type::ipv6;
  const auto encoded_host = url.encoded_host_address();
  result.host = LowerCase(std::string(encoded_host.data(), encoded_host.size()));
  if (!IsUsableHost(result.host)) return Malformed("its host is neither a name nor an address");
  const std::uint16_t default_port = result.tls ? 443 : 80;
  result.port = default_port;
  if (url.has_port() && !url.port().empty()) {
    if (url.port_number() == 0) return Malformed("its port is not a number from 1 to 65535");
    result.port = url.port_number();
  }
  result.host_header = is_ipv6 ? fmt::format("[{}]", result.host) : result.host;
  if (result.port != default_port) result.host_header += fmt::format(":{}", result.port);

  const auto encoded_path = url.encoded_path();
  std::string path(encoded_path.data(), encoded_path.size());
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with(kEndpoint)) return Malformed("leave out its /chat/completions, which is appended");
  result.path_and_query = path + kEndpoint;
  if (url.has_query()) {
    const auto query = url.encoded_query();
    result.path_and_query += '?' + std::string(query.data(), query.size());
  }
  return result;
}

}  // namespace arbstr::proxy
