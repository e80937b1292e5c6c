#include "proxy/config/outbound_proxy.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <boost/url.hpp>
#include <initializer_list>
#include <vector>

#include "proxy/config/host.h"
#include "proxy/config/no_proxy.h"

namespace arbstr::proxy {
namespace {

constexpr std::uint16_t kDefaultPort = 80;

struct Variable {
  const char* name;
  std::string value;
};

// The first that is set to something.
std::optional<Variable> FirstOf(std::initializer_list<const char*> names, const Environment& env) {
  for (const char* name : names) {
    const auto value = env(name);
    if (value && !value->empty()) return Variable{name, *value};
  }
  return std::nullopt;
}

std::string Base64(const std::string& text) {
  std::vector<unsigned char> encoded(4 * (text.size() / 3 + 1) + 1);
  const int length = EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  return std::string(encoded.begin(), encoded.begin() + length);
}

absl::Status Wrong(const Variable& variable, const char* why) {
  return absl::InvalidArgumentError(
      fmt::format("the environment variable {} must be the URL of an HTTP proxy, such as "
                  "http://proxy.example.com:3128; {}",
                  variable.name, why));
}

absl::StatusOr<OutboundProxy> Parse(const Variable& variable) {
  const bool has_scheme = variable.value.find("://") != std::string::npos;
  const std::string text = has_scheme ? variable.value : "http://" + variable.value;
  const boost::urls::result<boost::urls::url_view> parsed = boost::urls::parse_uri(text);
  if (!parsed) return Wrong(variable, "it is not a valid URL");
  const boost::urls::url_view& url = *parsed;
  if (url.scheme_id() != boost::urls::scheme::http) {
    return Wrong(variable, "another kind of proxy than http:// is not supported");
  }
  const std::string path(url.encoded_path().data(), url.encoded_path().size());
  if ((!path.empty() && path != "/") || url.has_query() || url.has_fragment()) {
    return Wrong(variable, "there is something behind its host and port");
  }
  if (url.host_type() == boost::urls::host_type::ipvfuture)
    return Wrong(variable, "its host is of no known kind");
  OutboundProxy proxy;
  const auto host = url.encoded_host_address();
  proxy.host.assign(host.data(), host.size());
  if (!IsUsableHost(proxy.host)) return Wrong(variable, "its host is neither a name nor an address");
  proxy.port = kDefaultPort;
  if (url.has_port() && !url.port().empty()) {
    const auto port = ParsePort({url.port().data(), url.port().size()});
    if (port.value_or(0) == 0) return Wrong(variable, "its port is not a number from 1 to 65535");
    proxy.port = *port;
  }
  if (url.has_userinfo()) proxy.authorization = "Basic " + Base64(url.user() + ":" + url.password());
  return proxy;
}

}  // namespace

std::string DisplayProxy(const OutboundProxy& proxy) { return HostAndPort(proxy.host, proxy.port); }

absl::StatusOr<std::optional<OutboundProxy>> ProxyFor(const ProviderUrl& url, const Environment& env) {
  const auto variable = url.tls ? FirstOf({"https_proxy", "HTTPS_PROXY"}, env) : FirstOf({"http_proxy"}, env);
  if (!variable) return std::nullopt;
  const auto exempt = FirstOf({"no_proxy", "NO_PROXY"}, env);
  if (exempt && IsExemptFromProxy(exempt->value, url.host, url.port)) return std::nullopt;
  auto proxy = Parse(*variable);
  if (!proxy.ok()) return proxy.status();
  return *std::move(proxy);
}

}  // namespace arbstr::proxy
