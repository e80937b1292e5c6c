// How many descriptors the process may have open at once: each connection is one.
#ifndef ARBSTR_PROXY_DESCRIPTOR_LIMIT_H_
#define ARBSTR_PROXY_DESCRIPTOR_LIMIT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// As many as the machine lets us have. Returns how many that is.
std::uint64_t RaiseDescriptorLimit();

// Where the limit is lower than what all clients that may be there and their requests' connections to
// providers take: says so.
std::optional<std::string> DescriptorWarning(const Config& config, std::uint64_t limit);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_DESCRIPTOR_LIMIT_H_
