#include "mock_provider/answer/broken_answer.h"

#include <algorithm>

namespace mock_provider {
namespace {

// A comment, a stall, a split or a frame that comes twice are all within what a client has to take.
bool Breaks(const FrameEvent& event) {
  return event.malformed || event.cut_json || event.cut_mid_event || event.error_event || event.end;
}

bool Breaks(const Hang& hang, std::optional<int> frames) {
  if (hang.at == Hang::At::kFrame && hang.frame >= frames.value_or(0)) return false;
  return !hang.for_ms || hang.end != Hang::End::kReply;
}

}  // namespace

bool Breaks(const Action& action, std::optional<int> frames, bool sent_whole) {
  if (action.fault) return true;
  if (action.hang && !sent_whole && Breaks(*action.hang, frames)) return true;
  if (!frames || !action.frames) return false;
  const auto& at = action.frames->at;
  return action.frames->omit_done || std::any_of(at.begin(), at.end(), [&](const FrameEvent& event) {
           return event.frame < *frames && Breaks(event);
         });
}

}  // namespace mock_provider
