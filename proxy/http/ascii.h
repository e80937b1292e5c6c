// Letters and digits of ASCII, whatever the locale. HTTP, URLs and DNS ignore the case of such letters.
#ifndef ARBSTR_PROXY_HTTP_ASCII_H_
#define ARBSTR_PROXY_HTTP_ASCII_H_

#include <string>
#include <string_view>

namespace arbstr::proxy {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// With each letter in lower case.
std::string ToLower(std::string_view text);

// Whether the two are the same but for the case of letters. Such are the names of header fields (RFC 9110
// §5.1).
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_ASCII_H_
