#ifndef ARBSTR_MOCK_PROVIDER_BROKEN_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_BROKEN_ANSWER_H_

#include "mock_provider/action.h"

namespace mock_provider {

// Whether the action leaves a client that waits for the end without a good answer although the status may say
// so: broken TCP, HTTP, JSON or SSE, or an end before the end. An error is none: it is a whole answer.
bool Breaks(const Action& action, bool stream);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_BROKEN_ANSWER_H_
