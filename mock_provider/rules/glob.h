#ifndef ARBSTR_MOCK_PROVIDER_RULES_GLOB_H_
#define ARBSTR_MOCK_PROVIDER_RULES_GLOB_H_

#include <string_view>

namespace mock_provider {

// Whether the whole text fits the pattern: `*` is any run of bytes, `?` one byte, all else itself.
// Takes time in proportion to pattern times text at worst, never more.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_GLOB_H_
