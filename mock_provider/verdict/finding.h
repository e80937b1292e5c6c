// Each of these looks through the evidence for one kind of bad manners.
#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_FINDING_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_FINDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mock_provider/journal/journal_view.h"
#include "mock_provider/verdict/request_chains.h"
#include "mock_provider/verdict/thresholds.h"

namespace mock_provider::verdict {

struct Finding {
  std::string kind{};
  std::vector<std::uint64_t> requests{};  // the seq of each entry that shows it
  std::string detail{};                   // one sentence for a reader
};

struct Evidence {
  const JournalView& entries;
  const RequestChains& requests;
  double now_ms;
  const Thresholds& limits;
};

// Findings come in the order of the journal. idempotency_key.cc has two kinds: _missing and _changed.
std::vector<Finding> FindRetryAfterIgnored(const Evidence& evidence);
std::vector<Finding> FindRetriedNonRetryable(const Evidence& evidence);
std::vector<Finding> FindRetryStorm(const Evidence& evidence);
std::vector<Finding> FindNoBackoff(const Evidence& evidence);
std::vector<Finding> FindIdempotencyKey(const Evidence& evidence);
std::vector<Finding> FindParallelDuplicates(const Evidence& evidence);
std::vector<Finding> FindGaveUp(const Evidence& evidence);
std::vector<Finding> FindNoTimeout(const Evidence& evidence);
std::vector<Finding> FindKeptReadingAfterCancel(const Evidence& evidence);

}  // namespace mock_provider::verdict

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_FINDING_H_
