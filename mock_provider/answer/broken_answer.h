#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_

#include <optional>

#include "mock_provider/scenario/action.h"

namespace mock_provider {

// Whether the action leaves a client that waits for the end without a good answer although the status may say
// so: broken TCP, HTTP, JSON or SSE, or an end before the end. An error is none: it is a whole answer.
// `frames`: how many the answer has, since nothing happens at one that never comes; nullopt: it is no stream.
bool Breaks(const Action& action, std::optional<int> frames);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_BROKEN_ANSWER_H_
