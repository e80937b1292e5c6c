#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mock_provider/journal/journal.h"

namespace mock_provider {

// {"requests": [{"seq", "provider", "connection", "arrival_ms", "first_byte_ms", "last_byte_ms", "end_ms",
// "method", "path", "model", "stream", "rule", "step", "n", "draw", "status", "bytes", "closed_by",
// "headers", "body"}, …], "total": N}; what is not known is null, headers are an object, a repeated one's
// values joined by ", ".
std::string JournalJson(const std::vector<JournalEntry>& entries, std::uint64_t total);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
