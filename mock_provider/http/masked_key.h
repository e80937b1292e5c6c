#ifndef ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_

#include <algorithm>
#include <string>

namespace mock_provider {

// A key the way providers quote a wrong one: "sk-ab***yz". A short one shows nothing, and neither does one
// that is not ASCII where it would: a character could be cut in two.
inline std::string MaskedKey(const std::string& key) {
  constexpr const char* kNothing = "***";
  if (key.size() < 12) return kNothing;
  const std::string begin = key.substr(0, 5), end = key.substr(key.size() - 2);
  const std::string shown = begin + end;
  const bool ascii = std::all_of(shown.begin(), shown.end(), [](unsigned char c) { return c < 0x80; });
  return ascii ? begin + kNothing + end : kNothing;
}

// Whether this is what MaskedKey makes of some key.
inline bool IsMask(const std::string& text) {
  return text == "***" || (text.size() == 10 && text.compare(5, 3, "***") == 0);
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_MASKED_KEY_H_
