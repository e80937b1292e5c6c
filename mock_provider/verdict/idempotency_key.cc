// Attempts at one request that the provider cannot know for one: without an Idempotency-Key, or each with
// another.
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {
std::vector<Finding> FindIdempotencyKey(const Evidence& evidence) {
  std::vector<Finding> findings;
  for (const Chain& chain : evidence.requests.chains) {
    if (chain.size() < 2) continue;
    Finding missing{.kind = "idempotency_key_missing",
                    .requests = {},
                    .detail = "attempts at one request without an Idempotency-Key"};
    Finding changed{.kind = "idempotency_key_changed",
                    .requests = {},
                    .detail = "attempts at one request with different Idempotency-Keys"};
    const std::string_view first = IdempotencyKey(*chain.front());
    bool differs = false;
    for (const JournalEntry* attempt : chain) {
      const std::string_view key = IdempotencyKey(*attempt);
      (key.empty() ? missing : changed).requests.push_back(attempt->seq);
      differs = differs || (!key.empty() && !first.empty() && key != first);
    }
    if (!missing.requests.empty()) findings.push_back(std::move(missing));
    if (differs) findings.push_back(std::move(changed));
  }
  return findings;
}

}  // namespace mock_provider::verdict
