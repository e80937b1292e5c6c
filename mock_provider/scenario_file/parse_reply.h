#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_REPLY_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_REPLY_H_

#include <string>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// {"text", "tool_calls", "finish_reason", "usage", "model", "id", "body", "headers", "status"}
Reply ParseReply(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_REPLY_H_
