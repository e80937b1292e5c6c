// What a client met, as an action that plays it again without chance: for the journal, and for a scenario
// that has nothing but the action. An action that needs no change stays shared with its rule.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_PLAYED_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_PLAYED_ACTION_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

using PlayedAction = std::shared_ptr<const Action>;  // never null

PlayedAction ErrorAction(const ErrorAnswer& error);

// The answer byte for byte, but for the ids that each answer has of its own.
PlayedAction AnswerAction(const HttpAnswer& answer);

// The delay as it was drawn this time.
PlayedAction WithDrawnDelay(PlayedAction action, DrawSequence& draws);

// The same outcome for a scenario without chance: lengths that were drawn are settled.
PlayedAction WithoutChance(PlayedAction played);

// The provider's pace as frames of the action.
PlayedAction WithPace(const Action& action, const StreamPace& pace, DrawSequence draws);

// The provider's own headers as a reply's. An error, or a fault, has no place for them.
PlayedAction WithHeaders(PlayedAction action,
                         const std::vector<std::pair<std::string, std::string>>& headers);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_PLAYED_ACTION_H_
