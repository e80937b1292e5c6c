#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_PARSER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_PARSER_H_

#include <absl/status/statusor.h>

#include <string>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// A scenario file's text as values. InvalidArgument has a line for each mistake, with the path of the field:
// unknown and misspelt fields, wrong values, and contradictions.
absl::StatusOr<Scenario> ParseScenario(const std::string& json);

// One rule by itself, as the admin API takes it; its name stays empty where it has none.
absl::StatusOr<Rule> ParseRuleText(const std::string& json);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_PARSER_H_
