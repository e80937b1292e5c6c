#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_PROVIDER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_PROVIDER_H_

#include <string>
#include <vector>

#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// One of the scenario's "providers", see docs/scenarios.md for its fields.
Provider ParseProvider(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

// The array of rules in the object's field `rules`. A rule without a name is called rule-N by its place, from
// 0.
std::vector<Rule> ParseRules(ObjectReader& object, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_PROVIDER_H_
