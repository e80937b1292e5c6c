#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_DIALECT_NAME_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_DIALECT_NAME_H_

#include <optional>
#include <string>
#include <vector>

#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// The dialect's name in a scenario file.
std::string DialectName(Dialect dialect);

// The dialect that the field names; nullopt where it is absent, or wrong, which is noted as a mistake.
std::optional<Dialect> ParseDialect(ObjectReader& object, const std::string& field);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_DIALECT_NAME_H_
