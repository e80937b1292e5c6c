#ifndef ARBSTR_PROXY_HTTP_PERCENT_ENCODING_H_
#define ARBSTR_PROXY_HTTP_PERCENT_ENCODING_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arbstr::proxy {

// Each %XX as its byte (RFC 3986 §2.1); a '%' without two hexadecimal digits behind it stays as it is.
std::string PercentDecoded(std::string_view text);

// Each '+' a space, then each %XX as its byte, as HTML forms are sent.
std::string FormDecoded(std::string_view text);

// Each byte but those that RFC 3986 §2.3 leaves unreserved as %XX.
std::string PercentEncoded(std::string_view text);

// The names and values of a target's query, in order, decoded as forms are: '+' is a space. A name without
// '=' has an empty value.
std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view target);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_PERCENT_ENCODING_H_
