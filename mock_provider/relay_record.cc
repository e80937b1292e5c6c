#include "mock_provider/relay_record.h"

#include <utility>

#include "mock_provider/event_splitter.h"

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

std::shared_ptr<const Action> RelayRecord::Take(bool cut) {
  if (too_large_ || head_.status < 200 || head_.status > 599) return nullptr;
  if (cut && !action_.hang && !action_.fault) {
    if (head_.events) {
      const auto events = static_cast<int>(SplitEvents(body_).size());
      action_.hang = Hang{.at = Hang::At::kFrame, .frame = events, .for_ms = 0, .end = Hang::End::kFin};
    } else {
      action_.fault = FaultKind::kContentLengthTooLong;
    }
  }
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
