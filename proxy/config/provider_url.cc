#include "proxy/config/provider_url.h"

#include <fmt/format.h>

#include <utility>

#include "proxy/config/host.h"
#include "proxy/config/http_url.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kEndpoint = "/chat/completions";

// Never quotes the URL: it may carry a secret.
absl::Status Malformed(const std::string& why) {
  return absl::InvalidArgumentError(fmt::format("must be a URL like https://api.example.com/v1; {}", why));
}

}  // namespace

absl::StatusOr<ProviderUrl> ParseProviderUrl(const std::string& text) {
  auto url = ParseHttpUrl(text);
  if (!url.ok()) return Malformed(std::string(url.status().message()));
  if (url->user_info) return Malformed("a user or password in it is not supported; use api_key or headers");
  if (url->has_fragment) return Malformed("it has a fragment (#...)");
  std::string path = std::move(url->path);
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with(kEndpoint)) return Malformed("leave out its /chat/completions, which is appended");
  ProviderUrl result;
  result.tls = url->tls;
  result.host = std::move(url->host);
  result.port = url->port;
  result.path_and_query = path + kEndpoint;
  if (url->query) result.path_and_query += '?' + *url->query;
  result.host_header = HostAndPort(result.host, result.port);
  if (result.port == url->default_port()) result.host_header.resize(result.host_header.rfind(':'));
  return result;
}

}  // namespace arbstr::proxy
