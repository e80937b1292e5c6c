#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_FRAMES_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_FRAMES_H_

#include <string>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// {"delay_ms", "omit_done", "at": [EVENT, …]}, each EVENT with its "frame" and what happens there:
// "stall_ms", "comment", "split_utf8", "malformed", "cut_mid_event", "error_event", "duplicate", "end".
Frames ParseFrames(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_FRAMES_H_
