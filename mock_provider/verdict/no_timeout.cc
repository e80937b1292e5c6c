// Silence for longer than anybody should wait, and the client was still there.
#include <fmt/format.h>

#include <algorithm>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindNoTimeout(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const JournalEntry& entry : evidence.entries) {
    double silence = entry.silence_ms;
    if (!entry.end_ms)
      silence = std::max(silence, MsBetween(entry.last_byte_ms.value_or(entry.arrival_ms), evidence.now_ms));
    if (silence <= evidence.limits.timeout_ms) continue;
    findings.push_back({.kind = "no_timeout",
                        .requests = {entry.seq},
                        .detail = fmt::format("the client bore a silence of {:.0f} ms", silence)});
  }
  return findings;
}

}  // namespace mock_provider::verdict
