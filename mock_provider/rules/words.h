// A text in the pieces that a provider streams: words, which are also the mock's tokens.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_WORDS_H_
#define ARBSTR_MOCK_PROVIDER_RULES_WORDS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace mock_provider {

// The words, each with the white space before it (the last with what follows it too), so that they add up to
// the text. Empty for an empty text. The views point into the text.
std::vector<std::string_view> SplitWords(std::string_view text);

std::int64_t CountWords(std::string_view text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_WORDS_H_
