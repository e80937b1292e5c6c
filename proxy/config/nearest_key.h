#ifndef ARBSTR_PROXY_CONFIG_NEAREST_KEY_H_
#define ARBSTR_PROXY_CONFIG_NEAREST_KEY_H_

#include <string>
#include <vector>

namespace arbstr::proxy {

// The known key with the smallest edit distance (Levenshtein) to `key`; empty where none is near enough to be
// meant.
std::string NearestKey(const std::string& key, const std::vector<std::string>& known);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_NEAREST_KEY_H_
