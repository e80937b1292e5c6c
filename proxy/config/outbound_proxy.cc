#include "proxy/config/outbound_proxy.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/config/host.h"
#include "proxy/config/http_url.h"
#include "proxy/config/no_proxy.h"
#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

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

absl::Status Wrong(const Variable& variable, const std::string& why) {
  return absl::InvalidArgumentError(
      fmt::format("the environment variable {} must be the URL of an HTTP proxy, such as "
                  "http://proxy.example.com:3128; {}",
                  variable.name, why));
}

absl::StatusOr<OutboundProxy> Parse(const Variable& variable) {
  const std::string& text = variable.value;
  const size_t scheme = text.find("://");
  if (scheme != text.npos && !EqualsIgnoringCase(std::string_view(text).substr(0, scheme), "http")) {
    return Wrong(variable, "another kind of proxy than http:// is not supported");
  }
  auto url = ParseHttpUrl(scheme == text.npos ? "http://" + text : text);
  if (!url.ok()) return Wrong(variable, std::string(url.status().message()));
  if ((!url->path.empty() && url->path != "/") || url->query || url->has_fragment) {
    return Wrong(variable, "there is something behind its host and port");
  }
  OutboundProxy proxy;
  proxy.host = std::move(url->host);
  proxy.port = url->port;
  if (url->user_info) proxy.authorization = "Basic " + Base64(*url->user_info);
  return proxy;
}

}  // namespace

std::string DisplayProxy(const OutboundProxy& proxy) { return HostAndPort(proxy.host, proxy.port); }

absl::StatusOr<std::optional<OutboundProxy>> ProxyFor(const ProviderUrl& url, const Environment& env) {
  const auto variable = url.tls ? FirstOf({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, env)
                                : FirstOf({"http_proxy", "all_proxy", "ALL_PROXY"}, env);
  if (!variable) return std::nullopt;
  const auto exempt = FirstOf({"no_proxy", "NO_PROXY"}, env);
  if (exempt && IsExemptFromProxy(exempt->value, url.host, url.port)) return std::nullopt;
  auto proxy = Parse(*variable);
  if (!proxy.ok()) return proxy.status();
  return *std::move(proxy);
}

}  // namespace arbstr::proxy
