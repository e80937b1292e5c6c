// A failure, and the next attempt at once. Where the provider asked for a wait, that is judged instead; a
// client that closed first has done its waiting.
#include <fmt/format.h>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindNoBackoff(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const Chain& chain : evidence.requests.chains) {
    for (std::size_t i = 1; i < chain.size(); ++i) {
      const JournalEntry& before = *chain[i - 1];
      if (OutcomeOf(before) != Outcome::kRetryable || before.retry_after_ms) continue;
      const double waited = MsBetween(EndOf(before), chain[i]->arrival_ms);
      if (waited >= evidence.limits.min_backoff_ms) continue;
      findings.push_back({.kind = "no_backoff",
                          .requests = {before.seq, chain[i]->seq},
                          .detail = fmt::format("the next attempt came {} ms after the failure", waited)});
    }
  }
  return findings;
}

}  // namespace mock_provider::verdict
