#ifndef ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_
#define ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_

#include <vector>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// Whether one of the windows is open at that time of the scenario's clock. No windows: never open.
bool AnyWindowOpen(const std::vector<Window>& windows, double now_ms);

// The first time after now at which a window opens or closes; infinity when none does any more.
double NextWindowEdge(const std::vector<Window>& windows, double now_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_SCHEDULE_H_
