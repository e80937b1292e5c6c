#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_NEVER_ANSWERS_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_NEVER_ANSWERS_H_

#include "mock_provider/scenario/action.h"

namespace mock_provider {

// Whether no byte of an answer is ever sent: what else the action says of one then has no effect.
inline bool NeverAnswers(const Action& action) {
  return action.hang && action.hang->at == Hang::At::kBeforeHeaders && action.hang->end != Hang::End::kReply;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_NEVER_ANSWERS_H_
