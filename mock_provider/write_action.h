#ifndef ARBSTR_MOCK_PROVIDER_WRITE_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_WRITE_ACTION_H_

#include <nlohmann/json.hpp>

#include "mock_provider/action.h"
#include "mock_provider/delay.h"

namespace mock_provider {

// The fields of a step that say what happens. What is at its default is left out.
nlohmann::ordered_json ActionJson(const Action& action);

nlohmann::ordered_json DelayJson(const Delay& delay);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_WRITE_ACTION_H_
