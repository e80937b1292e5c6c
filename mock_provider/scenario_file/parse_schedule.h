#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_SCHEDULE_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_SCHEDULE_H_

#include <string>
#include <vector>

#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// [{"after_ms": 60000, "for_ms": 30000, "every_ms": 300000}, …]
std::vector<Window> ParseSchedule(ObjectReader& object, const std::string& field, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_SCHEDULE_H_
