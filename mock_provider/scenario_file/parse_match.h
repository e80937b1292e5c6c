#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_MATCH_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_MATCH_H_

#include <string>

#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// {"method", "path", "model", "stream", "header": {NAME: GLOB}, "body": {POINTER: VALUE}, "prompt_contains"}
Match ParseMatch(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

// "header:NAME", "body:/pointer" or "connection"
Key ParseKey(ObjectReader& rule);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_MATCH_H_
