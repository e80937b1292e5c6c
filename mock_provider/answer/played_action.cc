#include "mock_provider/answer/played_action.h"

#include <algorithm>

namespace mock_provider {
namespace {

bool IsOfOneAnswer(const std::string& header) {
  return header == "x-request-id" || header == "request-id" || header == "apim-request-id";
}

}  // namespace

PlayedAction ErrorAction(const ErrorAnswer& error) {
  const auto action = std::make_shared<Action>();
  action->error = error;
  return action;
}

PlayedAction AnswerAction(const HttpAnswer& answer) {
  const auto action = std::make_shared<Action>();
  Reply& reply = action->reply.emplace();
  reply.status = answer.status;
  reply.body = answer.body;
  std::copy_if(answer.headers.begin(), answer.headers.end(), std::back_inserter(reply.headers),
               [](const auto& header) { return !IsOfOneAnswer(header.first); });
  return action;
}

PlayedAction WithDrawnDelay(PlayedAction action, DrawSequence& draws) {
  if (!action->delay_ms) return action;
  const auto drawn = std::make_shared<Action>(*action);
  drawn->delay_ms = Delay::Fixed(Sample(*action->delay_ms, draws));
  return drawn;
}

PlayedAction WithoutChance(PlayedAction played) {
  if (!played->frames || !played->frames->delay_ms) return played;
  const auto settled = std::make_shared<Action>(*played);
  settled->frames->delay_ms = Delay::Fixed(Median(*played->frames->delay_ms));
  return settled;
}

PlayedAction WithPace(const Action& action, const StreamPace& pace, DrawSequence draws) {
  const auto paced = std::make_shared<Action>(action);
  Frames& frames = paced->frames ? *paced->frames : paced->frames.emplace();
  if (pace.tps && !frames.delay_ms) frames.delay_ms = Delay::Fixed(1000 / *pace.tps);
  if (pace.ttft_ms) {
    const FrameEvent wait{.frame = 0, .stall_ms = Sample(*pace.ttft_ms, draws)};
    frames.at.insert(frames.at.begin(), wait);
  }
  return paced;
}

PlayedAction WithHeaders(PlayedAction action,
                         const std::vector<std::pair<std::string, std::string>>& headers) {
  if (headers.empty() || action->error || action->fault) return action;
  const auto with = std::make_shared<Action>(*action);
  Reply& reply = with->reply ? *with->reply : with->reply.emplace();
  HttpAnswer all;
  all.headers = std::move(reply.headers);
  for (const auto& [name, value] : headers) all.SetHeader(name, value);
  reply.headers = std::move(all.headers);
  return with;
}

}  // namespace mock_provider
