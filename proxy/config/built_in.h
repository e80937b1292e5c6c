#ifndef ARBSTR_PROXY_CONFIG_BUILT_IN_H_
#define ARBSTR_PROXY_CONFIG_BUILT_IN_H_

#include <string>
#include <vector>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// A built-in mock provider that runs at `url`, "http://127.0.0.1:40123".
struct MockEndpoint {
  std::string name;
  std::string url;
  std::string api_key{};  // empty: it wants none
};

// The mock providers as configured ones, serving every model: the first is the cheapest, each later one
// dearer.
std::vector<ProviderConfig> MockProviders(const std::vector<MockEndpoint>& endpoints);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_BUILT_IN_H_
