#include "mock_provider/upstream/relay_record.h"

#include <utility>

#include "mock_provider/http/event_splitter.h"

namespace mock_provider {
namespace {

// Headers that say who asked when, and would be wrong the next time.
bool IsOfTheMoment(const std::string& name) { return name == "date" || name == "set-cookie"; }

}  // namespace

RelayRecord::RelayRecord(UpstreamHead head, Action played)
    : head_(std::move(head)), action_(std::move(played)) {}

void RelayRecord::Add(std::string_view bytes) {
  too_large_ = too_large_ || body_.size() + bytes.size() > kMaxRecordedBody;
  if (too_large_) {
    body_ = {};
  } else {
    body_ += bytes;
  }
}

void RelayRecord::Cut() {
  if (action_.frames && head_.events && Rest().empty()) {
    StopAtEnd({.at = Hang::At::kFrame, .frame = 0, .for_ms = 0, .end = Hang::End::kFin});
  } else {
    LeaveUnfinished();
  }
}

void RelayRecord::Abandon() {
  Hang silence{.at = Hang::At::kMidBody, .frame = 0, .for_ms = {}, .end = Hang::End::kFin};
  // What is no whole event yet has not been sent.
  if (head_.events) body_.resize(body_.size() - Rest().size());
  if (body_.empty()) {
    silence.at = Hang::At::kAfterHeaders;
    LeaveUnfinished();
  } else if (head_.events) {
    silence.at = Hang::At::kFrame;
    return StopAtEnd(silence);
  }
  action_.hang = silence;
}

// The beginning of an event behind the last whole one.
std::string RelayRecord::Rest() const {
  EventSplitter splitter;
  splitter.Add(body_);
  return splitter.TakeRest();
}

// Nothing happens behind a stream's last frame: another has to stand there for what never came.
void RelayRecord::StopAtEnd(Hang hang) {
  hang.frame = static_cast<int>(SplitEvents(body_).size());
  body_ += ": never sent\n\n";
  action_.hang = hang;
}

// In a framing that promises more: a body that ends where this one broke off would be a whole one.
void RelayRecord::LeaveUnfinished() {
  action_.fault = head_.events ? FaultKind::kMissingLastChunk : FaultKind::kContentLengthTooLong;
  action_.frames.reset();
  if (action_.hang && action_.hang->at == Hang::At::kFrame) action_.hang.reset();
}

std::shared_ptr<const Action> RelayRecord::Take(Ending ending) {
  if (too_large_ || head_.status < 200 || head_.status > 599) return nullptr;
  if (ending == Ending::kCut) Cut();
  if (ending == Ending::kAbandoned) Abandon();
  // In an answer without a body a silence in its middle came after its head.
  if (body_.empty() && action_.hang && action_.hang->at == Hang::At::kMidBody)
    action_.hang->at = Hang::At::kAfterHeaders;
  if (body_.empty()) action_.drip_bytes_per_s.reset();
  // What was no stream had no frames, and the body that takes its place has none either.
  if (!head_.events) action_.frames.reset();
  if (!head_.events && action_.hang && action_.hang->at == Hang::At::kFrame) action_.hang.reset();
  Reply reply;
  reply.status = head_.status;
  reply.body = std::move(body_);
  for (auto& header : head_.headers) {
    if (!IsOfTheMoment(header.first)) reply.headers.push_back(std::move(header));
  }
  action_.reply = std::move(reply);
  return std::make_shared<const Action>(std::move(action_));
}

}  // namespace mock_provider
