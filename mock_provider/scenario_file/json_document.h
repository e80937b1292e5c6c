// A scenario's text as JSON. // and /* */ comments are allowed; a key given twice is a mistake.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_JSON_DOCUMENT_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_JSON_DOCUMENT_H_

#include <absl/status/statusor.h>

#include <nlohmann/json.hpp>
#include <string>

namespace mock_provider {

// Members keep the order that they are written in. InvalidArgument has a line for each mistake; for a syntax
// error it names line and column.
absl::StatusOr<nlohmann::ordered_json> ParseJsonDocument(const std::string& text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_JSON_DOCUMENT_H_
