#include "proxy/config/http_url.h"

#include <boost/url.hpp>
#include <string_view>

#include "proxy/config/host.h"
#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

namespace urls = boost::urls;

template <typename Part>
std::string Text(const Part& part) {
  return std::string(part.data(), part.size());
}

absl::Status Wrong(const char* what) { return absl::InvalidArgumentError(what); }

// Where the URL's host is a name that begins like an IPv4 address, 10.0.0.1.example.com: Boost.URL 1.81 reads
// the address for the host, and the rest of the name for a path. Empty: it is not.
std::string_view NameLikeAnAddress(std::string_view url) {
  constexpr std::string_view kBefore = "://";
  const size_t before = url.find(kBefore);
  if (before == url.npos) return {};
  std::string_view authority = url.substr(before + kBefore.size());
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::string_view host_and_port = authority.substr(authority.rfind('@') + 1);
  const std::string_view host = host_and_port.substr(0, host_and_port.find(':'));
  if (host.empty() || host.front() < '0' || host.front() > '9') return {};
  const bool is_address = host.find_first_not_of("0123456789.") == host.npos && host.back() != '.';
  return is_address ? std::string_view() : host;
}

// What is behind the host's colon; nothing: no number of a port.
std::optional<std::uint16_t> PortOf(const urls::url_view& url, std::uint16_t otherwise) {
  if (!url.has_port() || url.port().empty()) return otherwise;
  const auto port = ParsePort({url.port().data(), url.port().size()});
  return port.value_or(0) == 0 ? std::nullopt : port;
}

}  // namespace

absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& text) {
  const std::string_view name = NameLikeAnAddress(text);
  std::string readable = text;
  if (!name.empty()) readable.replace(static_cast<size_t>(name.data() - text.data()), name.size(), "name");
  const urls::result<urls::url_view> parsed = urls::parse_uri(readable);
  if (!parsed) return Wrong("it is not a valid URL");
  const urls::url_view& url = *parsed;
  if (url.scheme_id() != urls::scheme::http && url.scheme_id() != urls::scheme::https) {
    return Wrong("it begins with neither http:// nor https://");
  }
  HttpUrl result;
  result.tls = url.scheme_id() == urls::scheme::https;
  result.path = Text(url.encoded_path());
  const auto port = PortOf(url, result.default_port());
  // Boost.URL 1.81 reads "h:x" as a host and a path that begins with ":x".
  if (!port || (!result.path.empty() && result.path.front() != '/')) {
    return Wrong("its port is not a number from 1 to 65535");
  }
  result.port = *port;
  if (url.host_type() == urls::host_type::ipvfuture) return Wrong("its address is of no known kind");
  result.host = ToLower(name.empty() ? Text(url.encoded_host_address()) : std::string(name));
  if (!IsUsableHost(result.host)) return Wrong("its host is neither a name nor an address");
  if (url.has_userinfo()) result.user_info = url.user() + ":" + url.password();
  if (url.has_query()) result.query = Text(url.encoded_query());
  result.has_fragment = url.has_fragment();
  return result;
}

}  // namespace arbstr::proxy
