#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_RULE_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_RULE_H_

#include <string>

#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// {"name", "match", "key", "probability", "schedule", "script", "then"}; a rule without a name has an empty
// one.
Rule ParseRule(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_RULE_H_
