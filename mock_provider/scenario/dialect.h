// Whose error bodies, headers and keys a provider has.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_DIALECT_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_DIALECT_H_

#include <algorithm>
#include <array>
#include <string_view>

namespace mock_provider {

enum class Dialect { kOpenAi, kAzure, kAnthropic };
inline constexpr std::array kDialects = {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic};

// The request header, in lower case, that carries the key.
constexpr std::string_view KeyHeader(Dialect dialect) {
  switch (dialect) {
    case Dialect::kOpenAi:
      return "authorization";
    case Dialect::kAzure:
      return "api-key";
    case Dialect::kAnthropic:
      return "x-api-key";
  }
  return "";
}

// Whether a header carries the key in any dialect: it is neither to be shown nor to be passed on.
constexpr bool IsKeyHeader(std::string_view lower_case_name) {
  return std::any_of(kDialects.begin(), kDialects.end(),
                     [&](Dialect dialect) { return KeyHeader(dialect) == lower_case_name; });
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_DIALECT_H_
