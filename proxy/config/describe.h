#ifndef ARBSTR_PROXY_CONFIG_DESCRIBE_H_
#define ARBSTR_PROXY_CONFIG_DESCRIBE_H_

#include <string>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// What a config resolves to, for people: every key and its value, in TOML's notation. Keys, tokens, header
// values and the values in a URL's query are masked.
std::string DescribeConfig(const Config& config);

// The routing table: one line per provider, cheapest nominal request first.
std::string DescribeProviders(const Config& config);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_DESCRIBE_H_
