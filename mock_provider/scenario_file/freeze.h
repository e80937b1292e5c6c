#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_FREEZE_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_FREEZE_H_

#include <absl/status/statusor.h>

#include <string>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// A journal, as GET /__admin/requests gives it, turned into a scenario that plays its outcomes back without
// chance: for each of its providers one script, in order of arrival, after which the provider is healthy.
// Connections that a port refused are not in a journal. InvalidArgument has a line for each mistake.
absl::StatusOr<Scenario> Freeze(const std::string& journal);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_FREEZE_H_
