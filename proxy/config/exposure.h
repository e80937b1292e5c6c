#ifndef ARBSTR_PROXY_CONFIG_EXPOSURE_H_
#define ARBSTR_PROXY_CONFIG_EXPOSURE_H_

#include <optional>
#include <string>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// The warning for a gateway that other machines can use without a token, if it is one. For callers that
// change `listen` after loading.
std::optional<std::string> ExposureWarning(const ServerConfig& server);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_EXPOSURE_H_
