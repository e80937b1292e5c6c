#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ERROR_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ERROR_H_

#include <optional>
#include <string>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// The field's error: a status from 400 to 599, or a symbol. nullopt where it is absent or wrong.
std::optional<ErrorAnswer> ParseError(ObjectReader& object, const std::string& field);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ERROR_H_
