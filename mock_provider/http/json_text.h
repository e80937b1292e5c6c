#ifndef ARBSTR_MOCK_PROVIDER_HTTP_JSON_TEXT_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace mock_provider {

// Appends the text as a JSON string: QuoteJson without a new string.
void AppendQuoted(std::string& json, std::string_view text);

// The text as a JSON string, quotes included. UTF-8 stays as it is; only what JSON demands is escaped.
std::string QuoteJson(std::string_view text);

// The same for bytes that a client chose: what is not UTF-8 becomes U+FFFD.
std::string QuoteJsonLossy(std::string_view bytes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_JSON_TEXT_H_
