#include "mock_provider/verdict/attempt.h"

#include <limits>

namespace mock_provider::verdict {
namespace {

// 408, 409, 425 and 429 may pass by themselves; any other of the client's errors stays what it is, and so
// does what the server will never do.
bool IsFinal(int status) {
  if (status == 408 || status == 409 || status == 425 || status == 429) return false;
  return (status >= 400 && status < 500) || status == 501 || status == 505;
}

}  // namespace

Outcome OutcomeOf(const JournalEntry& entry) {
  if (!entry.end_ms) return Outcome::kOpen;
  if (entry.closed_by == ClosedBy::kClient) return Outcome::kLeft;
  if (entry.broken || entry.status == 0) return Outcome::kRetryable;
  if (entry.status < 400) return Outcome::kAnswered;
  if (entry.should_retry) return *entry.should_retry ? Outcome::kRetryable : Outcome::kFinal;
  return IsFinal(entry.status) ? Outcome::kFinal : Outcome::kRetryable;
}

double EndOf(const JournalEntry& entry) {
  return entry.end_ms.value_or(std::numeric_limits<double>::infinity());
}

std::string_view HeaderOf(const JournalEntry& entry, std::string_view name) {
  for (const auto& [known, value] : entry.headers) {
    if (known == name) return value;
  }
  return "";
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
