#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FRAME_NUMBER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FRAME_NUMBER_H_

#include <optional>
#include <string_view>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/whole_number.h"

namespace mock_provider {

// N of "frame N", up to kMaxFrame; nullopt for any other text.
inline std::optional<int> FrameNumber(std::string_view text) {
  constexpr std::string_view kPrefix = "frame ";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const auto number = WholeNumber<int>(text.substr(kPrefix.size()));
  if (!number || *number > kMaxFrame) return std::nullopt;
  return number;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FRAME_NUMBER_H_
