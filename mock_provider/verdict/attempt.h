#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_ATTEMPT_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_ATTEMPT_H_

#include <string_view>
#include <utility>

#include "mock_provider/journal/journal_entry.h"

namespace mock_provider::verdict {

// How an attempt ended, as far as it matters for what the client should do next.
enum class Outcome {
  kOpen,       // still being answered
  kAnswered,   // a whole answer: nothing is left to do
  kFinal,      // an error that will be the same next time
  kRetryable,  // an error that may pass, or an answer that broke
  kLeft,       // the client closed first
};
Outcome OutcomeOf(const JournalEntry& entry);

// Whether the client got nothing that it should be content with: it failed in a way that may pass, or the
// client left.
bool IsWorthARetry(const JournalEntry& entry);

// Empty without one.
std::string_view IdempotencyKey(const JournalEntry& entry);

// The end of the answer; infinity while it goes on.
double EndOf(const JournalEntry& entry);

// The body without the name of the model: the same question at another provider, which may call the model
// something else. It refers to the entry's body.
using QuestionText = std::pair<std::string_view, std::string_view>;  // before and behind the name
QuestionText Question(const JournalEntry& entry);

}  // namespace mock_provider::verdict

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_ATTEMPT_H_
