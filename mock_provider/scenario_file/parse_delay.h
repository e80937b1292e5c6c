#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_DELAY_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_DELAY_H_

#include <optional>
#include <string>

#include "mock_provider/scenario/delay.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// The field's length of time: a number of milliseconds or a distribution. nullopt where it is absent or
// wrong.
std::optional<Delay> ParseDelay(ObjectReader& object, const std::string& field, Mistakes& mistakes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_DELAY_H_
