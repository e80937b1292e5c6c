#ifndef ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_

#include <strings.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace mock_provider {

// Whether a header can be called that: a token of RFC 9110, which is never empty.
inline bool IsHeaderName(const std::string& name) {
  return !name.empty() && name.find_first_of(" \t\r\n:\"(),/;<=>?@[\\]{}") == name.npos;
}

// Whether both are the name of one header: their case does not count.
inline bool IsSameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

inline std::string LowerCaseName(std::string_view name) {
  std::string lower(name.size(), '\0');
  std::transform(name.begin(), name.end(), lower.begin(),
                 [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_
