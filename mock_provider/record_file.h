#ifndef ARBSTR_MOCK_PROVIDER_RECORD_FILE_H_
#define ARBSTR_MOCK_PROVIDER_RECORD_FILE_H_

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <vector>

#include "mock_provider/journal/journal_entry.h"

namespace mock_provider {

// Replaces the file by the journal as JSON, with the keys that clients sent masked. InvalidArgument where it
// cannot be written.
absl::Status WriteRecord(const std::string& file, std::vector<JournalEntry> entries, std::uint64_t total);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RECORD_FILE_H_
