// The client had waited long enough to send the request again, yet it did not close the attempt it gave up:
// the provider goes on working, and being paid, for an answer that nobody wants.
#include <fmt/format.h>

#include <algorithm>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindKeptReadingAfterCancel(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const auto& [open, second] : evidence.requests.beside) {
    if (MsBetween(open->arrival_ms, second->arrival_ms) <= evidence.limits.duplicate_within_ms) continue;
    const double until = std::min(EndOf(*open), std::max(evidence.now_ms, second->arrival_ms));
    const double kept = MsBetween(second->arrival_ms, until);
    if (kept <= evidence.limits.cancel_slack_ms) continue;
    findings.push_back({.kind = "kept_reading_after_cancel",
                        .requests = {open->seq, second->seq},
                        .detail = fmt::format(
                            "the attempt that the client gave up stayed open for another {:.0f} ms", kept)});
  }
  return findings;
}

}  // namespace mock_provider::verdict
