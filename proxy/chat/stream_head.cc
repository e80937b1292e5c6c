#include "proxy/chat/stream_head.h"

namespace arbstr::proxy {

using Action = StreamInspector::Action;

StreamHead::State StreamHead::Look(std::string_view bytes, bool ended) {
  while (state_ == State::kOpen) {
    const std::string_view rest = bytes.substr(taken_);
    const auto length = splitter_.BlockLength(rest);
    // By where a block ends and not by how much has come: in which pieces bytes arrive decides nothing.
    if (length ? taken_ + *length > kMaxBytes : bytes.size() >= kMaxBytes) return state_ = State::kBegun;
    if (!length) {
      if (IsDoneWithoutItsEmptyLine(rest)) return state_ = State::kDone;
      return state_ = ended ? JudgeEnd(rest) : State::kOpen;
    }
    taken_ += *length;
    state_ = Judge(rest.substr(0, *length));
  }
  return state_;
}

StreamHead::State StreamHead::Judge(std::string_view block) {
  switch (inspector_.Inspect(block)) {
    case Action::kDone:
      return State::kDone;
    case Action::kError:
      data_ = ParseSseBlock(block).data;
      return State::kError;
    case Action::kForward:
    case Action::kWithhold:
      break;
  }
  if (inspector_.last_was_malformed()) {
    data_ = ParseSseBlock(block).data;
    return State::kMalformed;
  }
  return inspector_.any_token() || inspector_.finished_all() ? State::kBegun : State::kOpen;
}

// A last event that lacks its empty line counts where it ends the answer, or says why there is none; a part
// of an answer that is cut there is no beginning.
StreamHead::State StreamHead::JudgeEnd(std::string_view last) {
  const State state = last.empty() ? State::kOpen : Judge(last);
  if (state == State::kDone || state == State::kError) return state;
  return inspector_.whole_at_end() ? State::kBegun : State::kCut;
}

}  // namespace arbstr::proxy
