#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_QUERY_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_QUERY_H_

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "mock_provider/journal/journal_json.h"

namespace mock_provider {

// What follows the target's '?'; empty without one.
std::string_view QueryOf(std::string_view target);

struct QuerySetting {
  std::string_view name;
  std::string_view value;  // what follows the '='; empty without one
};
// What "a=1&b=2" sets, in its order. InvalidArgument where a name is given twice.
absl::StatusOr<std::vector<QuerySetting>> SettingsInQuery(std::string_view query);

// The provider that "provider=NAME" names, percent-decoded; empty for an empty query, which means all of
// them. InvalidArgument for any other query, NotFound for a name that is not among those known.
absl::StatusOr<std::string> ProviderInQuery(std::string_view query, const std::vector<std::string>& known);

// What "provider=NAME&since=SEQ&limit=N" selects, each of which may be absent. Mistakes as above.
absl::StatusOr<JournalText::Selection> SelectionInQuery(std::string_view query,
                                                        const std::vector<std::string>& known);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_QUERY_H_
