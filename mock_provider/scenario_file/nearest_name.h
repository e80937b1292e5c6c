#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_NEAREST_NAME_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_NEAREST_NAME_H_

#include <string>
#include <vector>

namespace mock_provider {

// The known name that takes the fewest edits (a swap of neighbours is one, so is leaving out what follows an
// underscore) to reach from a misspelt one; empty where none is near enough to be what was meant.
std::string NearestName(const std::string& misspelt, const std::vector<std::string>& known);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_NEAREST_NAME_H_
