#ifndef ARBSTR_PROXY_CONFIG_ENVIRONMENT_H_
#define ARBSTR_PROXY_CONFIG_ENVIRONMENT_H_

#include <functional>
#include <optional>
#include <string>

namespace arbstr::proxy {

// An environment variable's value, or nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_ENVIRONMENT_H_
