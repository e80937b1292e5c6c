#include "proxy/config/exposure.h"

#include <fmt/format.h>

#include "proxy/config/listen_address.h"

namespace arbstr::proxy {

std::optional<std::string> ExposureWarning(const ServerConfig& server) {
  if (server.auth_token || IsLoopback(server.listen)) return std::nullopt;
  return fmt::format(
      "{} can be reached from other machines and no auth_token is set: whoever connects spends your keys' "
      "money",
      ToString(server.listen));
}

}  // namespace arbstr::proxy
