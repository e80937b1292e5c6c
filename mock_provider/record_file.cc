#include "mock_provider/record_file.h"

#include "mock_provider/http/masked_key.h"
#include "mock_provider/journal/journal_json.h"
#include "mock_provider/scenario/dialect.h"
#include "mock_provider/user_file.h"

namespace mock_provider {

absl::Status WriteRecord(const std::string& file, std::vector<JournalEntry> entries, std::uint64_t total) {
  for (JournalEntry& entry : entries) {
    for (auto& [name, value] : entry.headers) {
      if (IsKeyHeader(name)) value = MaskedKey(value);
      if (name == "cookie") value = "***";
    }
  }
  return WriteUserFile(file, JournalJson(entries, total) + "\n");
}

}  // namespace mock_provider
