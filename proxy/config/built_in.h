#ifndef ARBSTR_PROXY_CONFIG_BUILT_IN_H_
#define ARBSTR_PROXY_CONFIG_BUILT_IN_H_

#include <cstdint>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// The configuration of a first start without a config file: the mock providers mock-alpha (the cheaper one)
// and mock-beta on these ports of 127.0.0.1, both serving every model.
Config BuiltInMockConfig(std::uint16_t alpha_port, std::uint16_t beta_port);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_BUILT_IN_H_
