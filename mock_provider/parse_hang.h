#ifndef ARBSTR_MOCK_PROVIDER_PARSE_HANG_H_
#define ARBSTR_MOCK_PROVIDER_PARSE_HANG_H_

#include <string>

#include "mock_provider/action.h"
#include "mock_provider/object_reader.h"

namespace mock_provider {

// {"at": "before_headers" | "after_headers" | "mid_body" | "frame N" | {"frame": N}, "for_ms", "end": "fin" |
// "reset" |
//  "reply"}
Hang ParseHang(const nlohmann::json& value, const std::string& path, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_PARSE_HANG_H_
