#ifndef ARBSTR_MOCK_PROVIDER_RULES_COUNTER_KEY_H_
#define ARBSTR_MOCK_PROVIDER_RULES_COUNTER_KEY_H_

#include <cstddef>
#include <functional>
#include <string>

namespace mock_provider {

// What a rule's counter for that key is kept under. Counters stay until they are reset, and a client may send
// megabytes as a key: of a long one a hash stands for what is behind its beginning.
inline std::string CounterKey(const std::string& key) {
  constexpr std::size_t kWhole = 100;
  if (key.size() <= kWhole) return key;
  return key.substr(0, kWhole) + '#' + std::to_string(std::hash<std::string>()(key));
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_COUNTER_KEY_H_
