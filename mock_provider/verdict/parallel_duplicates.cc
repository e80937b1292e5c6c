// The same request twice at one time. Two that carry different Idempotency-Keys are meant to be two.
#include <fmt/format.h>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {

std::vector<Finding> FindParallelDuplicates(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const auto& [open, second] : evidence.requests.beside) {
    const double apart = MsBetween(open->arrival_ms, second->arrival_ms);
    if (apart > evidence.limits.duplicate_within_ms) continue;
    if (IdempotencyKey(*open) != IdempotencyKey(*second)) continue;
    findings.push_back(
        {.kind = "parallel_duplicates",
         .requests = {open->seq, second->seq},
         .detail = fmt::format("the same request {:.0f} ms later, while the first was still open", apart)});
  }
  return findings;
}

}  // namespace mock_provider::verdict
