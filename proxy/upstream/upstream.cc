#include "proxy/upstream/upstream.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>

#include "proxy/config/outbound_proxy.h"
#include "proxy/http/ascii.h"
#include "proxy/http/response.h"
#include "proxy/upstream/connect_tunnel.h"
#include "proxy/upstream/secrets.h"

namespace arbstr::proxy {
namespace {

// A field of the configuration replaces the one that is made of api_key.
void AddKey(std::string& head, const ProviderConfig& config, const std::string& name,
            const std::string& value) {
  const auto same = [&](const auto& field) { return EqualsIgnoringCase(field.first, name); };
  if (std::ranges::none_of(config.headers, same)) AddField(head, name, value);
}

// A proxy takes plain requests itself and is told the whole URL (RFC 9112 §3.2.2).
std::string FixedHead(const ProviderConfig& config) {
  const bool to_proxy = config.proxy && !config.url.tls;
  std::string head = fmt::format("POST {}{} HTTP/1.1\r\n", to_proxy ? "http://" + config.url.host_header : "",
                                 config.url.path_and_query);
  if (to_proxy && !config.proxy->authorization.empty()) {
    AddField(head, "proxy-authorization", config.proxy->authorization);
  }
  AddField(head, "host", config.url.host_header);
  AddField(head, "accept-encoding", "identity");
  if (!config.api_key.empty()) {
    if (config.auth == ProviderConfig::Auth::kBearer) {
      AddKey(head, config, "authorization", "Bearer " + config.api_key);
    } else {
      AddKey(head, config, "api-key", config.api_key);
    }
  }
  for (const auto& [name, value] : config.headers) AddField(head, name, value);
  return head;
}

ProxyHop HopTo(const OutboundProxy& proxy, const ProviderUrl& url) {
  ProxyHop hop{proxy.host, proxy.port, DisplayProxy(proxy), nullptr};
  if (url.tls) hop.tunnel = std::make_shared<ConnectTunnel>(url.host, url.port, proxy.authorization);
  return hop;
}

}  // namespace

absl::StatusOr<std::shared_ptr<asio::ssl::context>> MakeProviderTls(const std::string& ca_file) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  ErrorCode error;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (ca_file.empty()) {
    if (!error) context->set_default_verify_paths(error);
  } else if (!error) {
    context->load_verify_file(ca_file, error);
  }
  if (error) {
    return absl::InvalidArgumentError(fmt::format("cannot read the CA certificates{}{}: {}",
                                                  ca_file.empty() ? "" : " of ", ca_file, error.message()));
  }
  return context;
}

absl::StatusOr<Upstream> MakeUpstream(const ProviderConfig& config) {
  Upstream upstream{
      config, {config.url.host, config.url.port, nullptr}, SecretsOf(config), FixedHead(config)};
  if (config.proxy) upstream.target.proxy = HopTo(*config.proxy, config.url);
  if (config.url.tls) {
    auto context = MakeProviderTls(config.tls_ca_file);
    if (!context.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("provider {}: {}", config.name, std::string(context.status().message())));
    }
    upstream.target.tls = *std::move(context);
  }
  return upstream;
}

}  // namespace arbstr::proxy
