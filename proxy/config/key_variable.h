#ifndef ARBSTR_PROXY_CONFIG_KEY_VARIABLE_H_
#define ARBSTR_PROXY_CONFIG_KEY_VARIABLE_H_

#include <string>

namespace arbstr::proxy {

// The environment variable that holds a provider's key where the file has none: ARBSTR_<NAME>_API_KEY.
std::string KeyVariable(const std::string& provider_name);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_KEY_VARIABLE_H_
