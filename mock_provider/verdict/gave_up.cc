// A failure that may pass was the client's first and last attempt, here and elsewhere. Nobody has to wait
// longer than a while, or to come back for a quota that is used up.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <vector>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"
#include "mock_provider/verdict/finding.h"

namespace mock_provider::verdict {
namespace {

// Each question's attempts at all providers, oldest first.
using Attempts = std::map<QuestionText, std::vector<const JournalEntry*>>;

Attempts AttemptsByQuestion(const Evidence& evidence) {
  Attempts attempts;
  for (const JournalEntry& entry : evidence.entries) attempts[Question(entry)].push_back(&entry);
  return attempts;
}

bool MayBeOneRequest(const JournalEntry& one, const JournalEntry& other) {
  const std::string_view key = IdempotencyKey(one), other_key = IdempotencyKey(other);
  return key.empty() || other_key.empty() || key == other_key;
}

// Whether another attempt came after it, or it came itself after one that called for another.
bool IsOneOfSeveral(const JournalEntry& entry, const std::vector<const JournalEntry*>& attempts) {
  if (attempts.back()->seq > entry.seq) return true;
  const auto before = std::find_if(std::next(attempts.rbegin()), attempts.rend(),
                                   [&](const JournalEntry* other) { return MayBeOneRequest(*other, entry); });
  return before != attempts.rend() && IsWorthARetry(**before);
}

bool MayGiveUp(const JournalEntry& entry, const Thresholds& limits) {
  if (entry.retry_after_ms && static_cast<double>(*entry.retry_after_ms) > limits.max_retry_after_ms)
    return true;
  return entry.action && entry.action->error && entry.action->error->kind == ErrorKind::kInsufficientQuota;
}

}  // namespace

std::vector<Finding> FindGaveUp(const Evidence& evidence) {
  std::vector<Finding> findings;
  const Attempts attempts = AttemptsByQuestion(evidence);
  for (const Chain& chain : evidence.requests.chains) {
    const JournalEntry& only = *chain.front();
    if (chain.size() > 1 || OutcomeOf(only) != Outcome::kRetryable) continue;
    if (MayGiveUp(only, evidence.limits)) continue;
    const double patience = evidence.limits.give_up_ms + static_cast<double>(only.retry_after_ms.value_or(0));
    if (MsBetween(EndOf(only), evidence.now_ms) < patience) continue;
    if (IsOneOfSeveral(only, attempts.at(Question(only)))) continue;
    findings.push_back({.kind = "gave_up",
                        .requests = {only.seq},
                        .detail = only.broken || only.status == 0
                                      ? "a broken answer was not tried again"
                                      : fmt::format("a {} was not tried again", only.status)});
  }
  return findings;
}

}  // namespace mock_provider::verdict
