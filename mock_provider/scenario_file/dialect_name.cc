#include "mock_provider/scenario_file/dialect_name.h"

namespace mock_provider {

std::string DialectName(Dialect dialect) {
  switch (dialect) {
    case Dialect::kOpenAi:
      return "openai";
    case Dialect::kAzure:
      return "azure";
    case Dialect::kAnthropic:
      return "anthropic";
  }
  return "";
}

std::optional<Dialect> ParseDialect(ObjectReader& object, const std::string& field) {
  std::vector<std::string> names;
  for (const Dialect dialect : kDialects) names.push_back(DialectName(dialect));
  const auto named = object.OneOf(field, names);
  return named ? std::optional(kDialects[*named]) : std::nullopt;
}

}  // namespace mock_provider
