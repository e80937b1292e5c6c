#ifndef ARBSTR_MOCK_PROVIDER_OUTCOME_TEXT_H_
#define ARBSTR_MOCK_PROVIDER_OUTCOME_TEXT_H_

#include <string>

#include "mock_provider/journal/journal_entry.h"

namespace mock_provider {

// What was decided about a request, in a few words: "503, retry after 2000 ms", "fault reset",
// "hang before_headers for 2000 ms, then reset", "200 stream, cut_mid_event at frame 2".
std::string OutcomeText(const JournalEntry& entry);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_OUTCOME_TEXT_H_
