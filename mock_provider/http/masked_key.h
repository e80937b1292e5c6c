#ifndef ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_

#include <string>

namespace mock_provider {

// A key the way providers quote a wrong one: "sk-ab***yz". A short one shows nothing.
inline std::string MaskedKey(const std::string& key) {
  if (key.size() < 12) return "***";
  return key.substr(0, 5) + "***" + key.substr(key.size() - 2);
}

// Whether this is what MaskedKey makes of some key.
inline bool IsMask(const std::string& text) {
  return text == "***" || (text.size() == 10 && text.compare(5, 3, "***") == 0);
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_
