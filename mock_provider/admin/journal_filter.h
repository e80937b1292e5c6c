// Which of the journal's requests a question is about.
//   {"provider": NAME, "match": {…}} - both may be absent
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_FILTER_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_FILTER_H_

#include <optional>
#include <string>
#include <vector>

#include "mock_provider/journal/journal_view.h"
#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

struct JournalFilter {
  std::optional<std::string> provider{};
  Match match{};
};

// Takes the fields "provider", which is to be one of these, and "match" of the object.
JournalFilter ParseJournalFilter(ObjectReader& object, const std::vector<std::string>& providers,
                                 Mistakes& mistakes);

bool Fits(const JournalFilter& filter, const JournalEntry& entry);

JournalView Select(const JournalView& entries, const JournalFilter& filter);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_FILTER_H_
