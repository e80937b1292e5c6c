#ifndef ARBSTR_PROXY_CONFIG_MASK_H_
#define ARBSTR_PROXY_CONFIG_MASK_H_

#include <string>

namespace arbstr::proxy {

// What may be shown of a secret: its first five characters at most, never more than a third of it, and "…".
// Empty for an empty one.
std::string MaskKey(const std::string& key);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_MASK_H_
