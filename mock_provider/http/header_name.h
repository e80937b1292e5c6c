#ifndef ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_

#include <string>

namespace mock_provider {

// Whether a header can be called that: a token of RFC 9110, which is never empty.
inline bool IsHeaderName(const std::string& name) {
  return !name.empty() && name.find_first_of(" \t\r\n:\"(),/;<=>?@[\\]{}") == name.npos;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_HEADER_NAME_H_
