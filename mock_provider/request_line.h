// The journal for people: a line for each request, and a summary of all.
#ifndef ARBSTR_MOCK_PROVIDER_REQUEST_LINE_H_
#define ARBSTR_MOCK_PROVIDER_REQUEST_LINE_H_

#include <cstdint>
#include <string>

#include "mock_provider/journal/journal_view.h"

namespace mock_provider {

// "   12.345s  #7 alpha       5xx-twice[0]       503  gpt-4o", without a line's end. A rule that no request
// met shows as "-".
std::string RequestLine(const JournalEntry& entry);

// "   14.357s  #7 alpha       the client left after 2012 ms and 0 bytes".
std::string DepartureLine(const JournalEntry& entry);

// Several lines, each with its end: requests by provider and status, then the verdict at that time of the
// scenario's clock. `total` counts dropped entries as well.
std::string Summary(const JournalView& entries, std::uint64_t total, double now_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_REQUEST_LINE_H_
