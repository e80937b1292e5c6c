// One request, tried over and over.
#include <fmt/format.h>

#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindRetryStorm(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const Chain& chain : evidence.requests.chains) {
    if (static_cast<double>(chain.size()) <= evidence.limits.storm_attempts) continue;
    Finding finding{.kind = "retry_storm",
                    .requests = {},
                    .detail = fmt::format("{} attempts at one request within {:.0f} ms", chain.size(),
                                          chain.back()->arrival_ms - chain.front()->arrival_ms)};
    for (const JournalEntry* attempt : chain) finding.requests.push_back(attempt->seq);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace mock_provider::verdict
