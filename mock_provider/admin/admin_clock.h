#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_CLOCK_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_CLOCK_H_

#include <absl/status/status.h>

#include <string>

#include "mock_provider/scenario/scenario_clock.h"

namespace mock_provider {

// {"now_ms": 1234.5, "frozen": false}
std::string ClockJson(const ScenarioClock& clock);

// {"freeze": true}, {"advance_ms": 500}, {"run": true}, or advance_ms beside one of the others: it is frozen
// first, then advanced, then runs.
absl::Status MoveClock(ScenarioClock& clock, const std::string& json);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_CLOCK_H_
