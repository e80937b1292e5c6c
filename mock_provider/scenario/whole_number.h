#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_WHOLE_NUMBER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_WHOLE_NUMBER_H_

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace mock_provider {

// The text as a decimal number, 0 or more; nullopt where there is anything else in it, or it does not fit.
template <std::integral Number>
std::optional<Number> WholeNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || std::cmp_less(number, 0))
    return std::nullopt;
  return number;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_WHOLE_NUMBER_H_
