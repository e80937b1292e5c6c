#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PUT_FIELD_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PUT_FIELD_H_

#include <nlohmann/json.hpp>
#include <optional>

namespace mock_provider {

// Adds the field where there is a value; one that is absent stays absent.
template <typename T>
void Put(nlohmann::ordered_json& object, const char* field, const std::optional<T>& value) {
  if (value) object[field] = *value;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PUT_FIELD_H_
