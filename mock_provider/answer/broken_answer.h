#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_

#include <optional>

#include "mock_provider/scenario/action.h"

namespace mock_provider {

// Whether a client that waits for the end gets no good answer, whatever the status says: broken TCP, HTTP,
// JSON or SSE, or an end that comes too early. An error does not break an answer: it is a whole one.
// `frames`: how many frames the answer has, since nothing happens at one that never comes; nullopt: it is no
// stream. `sent_whole`: a hang only comes behind its last byte.
bool Breaks(const Action& action, std::optional<int> frames, bool sent_whole = false);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_
