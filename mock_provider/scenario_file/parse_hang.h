#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_HANG_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_HANG_H_

#include <string>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// {"at", "for_ms", "end"}: "at" is "before_headers", "after_headers", "mid_body", "frame N" or {"frame": N},
// "end" is "fin", "reset" or "reply".
Hang ParseHang(const nlohmann::ordered_json& value, const std::string& path, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_HANG_H_
