#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_WRITER_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_WRITER_H_

#include <string>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// The scenario in its file format, such that ParseScenario reads the same scenario back. What is at its
// default is left out.
std::string ScenarioJson(const Scenario& scenario);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_SCENARIO_WRITER_H_
