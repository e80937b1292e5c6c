#include "mock_provider/journal/journal_entry.h"

#include <algorithm>

#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {

void NoteSilence(JournalEntry& entry, double now_ms) {
  entry.silence_ms =
      std::max(entry.silence_ms, MsBetween(entry.last_byte_ms.value_or(entry.arrival_ms), now_ms));
}

}  // namespace mock_provider
