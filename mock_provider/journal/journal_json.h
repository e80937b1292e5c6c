#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mock_provider/journal/journal.h"

namespace mock_provider {

// The answer to GET /__admin/requests, see docs/mock_provider.md: {"requests": [ENTRY, …], "total": N}. An
// entry has the fields of JournalEntry but `relayed`, with `target` as "path". What is not known is null;
// without an "action" it was the provider's own normal reply. Headers are an object, the values of a repeated
// one joined by ", ".
std::string JournalJson(const std::vector<JournalEntry>& entries, std::uint64_t total);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
