#include "mock_provider/verdict/attempt.h"

#include <limits>

#include "mock_provider/scenario/is_transient.h"

namespace mock_provider::verdict {

Outcome OutcomeOf(const JournalEntry& entry) {
  if (!entry.end_ms) return Outcome::kOpen;
  if (entry.closed_by == ClosedBy::kClient) return Outcome::kLeft;
  if (entry.broken || entry.status == 0) return Outcome::kRetryable;
  if (entry.status < 400) return Outcome::kAnswered;
  if (entry.should_retry) return *entry.should_retry ? Outcome::kRetryable : Outcome::kFinal;
  return IsTransient(entry.status) ? Outcome::kRetryable : Outcome::kFinal;
}

bool IsWorthARetry(const JournalEntry& entry) {
  const Outcome outcome = OutcomeOf(entry);
  return outcome == Outcome::kRetryable || outcome == Outcome::kLeft;
}

std::string_view IdempotencyKey(const JournalEntry& entry) {
  for (const auto& [name, value] : entry.headers) {
    if (name == "idempotency-key") return value;
  }
  return "";
}

double EndOf(const JournalEntry& entry) {
  return entry.end_ms.value_or(std::numeric_limits<double>::infinity());
}

QuestionText Question(const JournalEntry& entry) {
  constexpr std::string_view kModel = "\"model\"";
  const std::string_view body = entry.body;
  const std::size_t name = body.find(kModel);
  const std::size_t begin = name == body.npos ? name : body.find('"', name + kModel.size());
  const std::size_t end = begin == body.npos ? begin : body.find('"', begin + 1);
  if (end == body.npos) return {body, {}};
  return {body.substr(0, begin), body.substr(end + 1)};
}

}  // namespace mock_provider::verdict
