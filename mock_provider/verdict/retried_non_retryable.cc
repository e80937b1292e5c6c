// An error that will be the same next time was tried again.
#include <fmt/format.h>

#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindRetriedNonRetryable(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const Chain& chain : evidence.requests.chains) {
    for (std::size_t i = 1; i < chain.size(); ++i) {
      const JournalEntry& before = *chain[i - 1];
      if (OutcomeOf(before) != Outcome::kFinal) continue;
      findings.push_back({.kind = "retried_non_retryable",
                          .requests = {before.seq, chain[i]->seq},
                          .detail = fmt::format("the same request again after a {}", before.status)});
    }
  }
  return findings;
}

}  // namespace mock_provider::verdict
