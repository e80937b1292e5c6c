// The provider said when to come back, and the client came earlier.
#include <fmt/format.h>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindRetryAfterIgnored(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const Chain& chain : evidence.requests.chains) {
    for (std::size_t i = 1; i < chain.size(); ++i) {
      const JournalEntry& before = *chain[i - 1];
      if (!before.retry_after_ms || !before.first_byte_ms || OutcomeOf(before) == Outcome::kAnswered)
        continue;
      const double waited = MsBetween(*before.first_byte_ms, chain[i]->arrival_ms);
      if (ToMicrosecond(waited + evidence.limits.retry_after_slack_ms) >=
          static_cast<double>(*before.retry_after_ms))
        continue;
      findings.push_back({.kind = "retry_after_ignored",
                          .requests = {before.seq, chain[i]->seq},
                          .detail = fmt::format("asked to wait {} ms, the client came back after {} ms",
                                                *before.retry_after_ms, waited)});
    }
  }
  return findings;
}

}  // namespace mock_provider::verdict
