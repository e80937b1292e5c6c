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

// Where the URL's host is a name that begins like an IPv4 address, 10.0.0.1.example.com: Boost.URL 1.81 reads
// the address for the host, and the rest of the name for a path. Empty: it is not.
std::string_view NameLikeAnAddress(std::string_view url) {
  constexpr std::string_view kBefore = "://";
  const size_t before = url.find(kBefore);
  if (before == url.npos) return {};
  const std::string_view rest = url.substr(before + kBefore.size());
  const std::string_view host = rest.substr(0, rest.find_first_of(":/?#"));
  if (host.empty() || host.front() < '0' || host.front() > '9') return {};
  const bool is_address = host.find_first_not_of("0123456789.") == host.npos && host.back() != '.';
  return is_address ? std::string_view() : host;
}

}  // namespace

absl::StatusOr<ProviderUrl> ParseProviderUrl(const std::string& text) {
  const std::string_view name = NameLikeAnAddress(text);
  std::string readable = text;
  if (!name.empty()) readable.replace(static_cast<size_t>(name.data() - text.data()), name.size(), "name");
  const boost::urls::result<boost::urls::url_view> parsed = boost::urls::parse_uri(readable);
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
  result.host =
      LowerCase(name.empty() ? std::string(encoded_host.data(), encoded_host.size()) : std::string(name));
  if (!IsUsableHost(result.host)) return Malformed("its host is neither a name nor an address");
  const std::uint16_t default_port = result.tls ? 443 : 80;
  result.port = default_port;
  if (url.has_port() && !url.port().empty()) {
    const auto port = ParsePort({url.port().data(), url.port().size()});
    if (port.value_or(0) == 0) return Malformed("its port is not a number from 1 to 65535");
    result.port = *port;
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
