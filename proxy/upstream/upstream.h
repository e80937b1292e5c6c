// One provider at run time: where to connect and the part of the request head that never changes.
#ifndef ARBSTR_PROXY_UPSTREAM_UPSTREAM_H_
#define ARBSTR_PROXY_UPSTREAM_UPSTREAM_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/net/connect.h"

namespace arbstr::proxy {

struct Upstream {
  ProviderConfig config;
  ConnectTarget target;
  std::vector<std::string> secrets;  // SecretsOf(config)
  std::string head;  // request line, Host, credentials, the provider's own fields: each line ended
};

// What connections to providers verify with: the certificates of a file, or, where `ca_file` is empty, the
// system's. Reads them: blocks.
absl::StatusOr<std::shared_ptr<asio::ssl::context>> MakeProviderTls(const std::string& ca_file);

// Reads the provider's CA file, or the system's: blocks.
absl::StatusOr<Upstream> MakeUpstream(const ProviderConfig& config);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_UPSTREAM_H_
