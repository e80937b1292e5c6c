#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_WRITE_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_WRITE_ACTION_H_

#include <nlohmann/json.hpp>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/delay.h"

namespace mock_provider {

// The fields of a step that say what happens. What is at its default is left out.
nlohmann::ordered_json ActionJson(const Action& action);

nlohmann::ordered_json DelayJson(const Delay& delay);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_WRITE_ACTION_H_
