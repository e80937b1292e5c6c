#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_ANSWER_PLAN_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_ANSWER_PLAN_H_

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/answer/sent_head.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

struct PlannedAnswer {
  SentHead head{};
  WirePlan plan{};
};

// How the answer leaves when the action is played on it: first its delay, then what its hang, fault, frames
// and drip make of it. An answer that is the last of its connection ends with a close.
PlannedAnswer PlanAnswer(const HttpAnswer& answer, const Action& action, const Provider& provider,
                         const ErrorContext& errors, DrawSequence& draws);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_ANSWER_PLAN_H_
