#include "mock_provider/scenario_file/parse_error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mock_provider/scenario/error_kind.h"
#include "mock_provider/scenario_file/nearest_name.h"

namespace mock_provider {

std::optional<ErrorAnswer> ParseError(ObjectReader& object, const std::string& field) {
  const nlohmann::ordered_json* value = object.Find(field);
  if (!value) return std::nullopt;
  if (value->is_number_integer()) {
    const auto status = object.Integer(field, 400, 599);
    if (!status) return std::nullopt;
    return ErrorAnswer{.kind = ErrorKind::kStatus, .status = static_cast<int>(*status)};
  }
  if (value->is_string()) {
    const std::string name = value->get<std::string>();
    if (const auto kind = ErrorByName(name)) return ErrorAnswer{.kind = *kind};
    const std::string nearest = NearestName(name, ErrorNames());
    object.Mistake(field,
                   fmt::format("\"{}\" is none of {}{}", name, fmt::join(ErrorNames(), ", "),
                               nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest)));
    return std::nullopt;
  }
  object.Mistake(field, "must be a status from 400 to 599 or an error's symbol");
  return std::nullopt;
}

}  // namespace mock_provider
