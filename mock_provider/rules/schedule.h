#ifndef ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_
#define ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_

#include <vector>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// A window's times count to the nearest microsecond, which is what the scenario's clock shows.

// Whether one of the windows is open at that time of the scenario's clock. No windows: never open.
bool AnyWindowOpen(const std::vector<Window>& windows, double now_ms);

// The first time after now at which a window opens or closes, at least a microsecond later; infinity when
// none does any more.
double NextWindowEdge(const std::vector<Window>& windows, double now_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_
