#include "mock_provider/upstream/relay_writer.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace mock_provider {
namespace {

std::vector<std::string> Framing(bool chunked, const std::optional<std::uint64_t>& length) {
  if (length) return {fmt::format("Content-Length: {}", *length)};
  if (chunked) return {"Transfer-Encoding: chunked"};
  return {};
}

}  // namespace

bool PlaysOnPieces(const Action& action) {
  return !action.fault && !(action.hang && action.hang->at == Hang::At::kMidBody);
}

RelayWriter::RelayWriter(const HttpAnswer& head, const Body& body, const Action& action,
                         const StreamScript& script, DrawSequence& draws)
    : chunked_(!head.http10 && !body.length),
      keep_alive_(head.keep_alive && (body.length || !head.http10)),
      body_(body),
      action_(action) {
  HttpAnswer open = head;
  open.keep_alive = keep_alive_;
  if (body.events) {
    stream_.emplace(open, script, draws);
  } else {
    plan_.Write(HasNoBody(head.status) ? Head(open, {}) : Head(open, Framing(chunked_, body.length)));
  }
  if (action.hang && action.hang->at == Hang::At::kAfterHeaders) {
    WirePlan hung = Take();
    hung.Append(HangSteps(*action.hang));
    finished_ = hung.Ended();
    plan_ = std::move(hung);
  }
  if (!stream_ && body.Empty() && !finished_) Finish(false);
}

void RelayWriter::Add(std::string_view bytes) {
  if (finished_ || bytes.empty()) return;
  received_ += bytes.size();
  if (!stream_) {
    Write(bytes);
    if (body_.length && received_ >= *body_.length) Finish(false);
    return;
  }
  for (const std::string& event : splitter_.Add(bytes)) {
    if (!stream_->Write(event)) {
      finished_ = true;
      plan_.Append(stream_->Take());
      CloseUp(false);
      return;
    }
  }
}

void RelayWriter::End() {
  if (!finished_) Finish(false);
}

void RelayWriter::Cut() {
  if (!finished_) Finish(true);
}

void RelayWriter::Finish(bool cut) {
  finished_ = true;
  if (stream_) {
    const std::string rest = splitter_.TakeRest();
    const bool going = rest.empty() || stream_->Write(rest);
    if (going && !cut) stream_->Finish();
    plan_.Append(stream_->Take());
  } else if (chunked_ && !cut) {
    plan_.WriteBody(std::string(kLastChunk));
  }
  CloseUp(cut);
}

// The body has come to its end: what else that is the end of.
void RelayWriter::CloseUp(bool cut) {
  if (plan_.Ended()) return;
  if (!cut && (chunked_ || body_.length)) plan_.Complete();
  if (cut || !keep_alive_) plan_.Close();
}

void RelayWriter::Write(std::string_view bytes) {
  plan_.WriteBody(chunked_ ? Chunk(bytes) : std::string(bytes));
}

WirePlan RelayWriter::Take() {
  if (stream_) plan_.Append(stream_->Take());
  WirePlan taken = std::exchange(plan_, {});
  return action_.drip_bytes_per_s ? Dripped(taken, *action_.drip_bytes_per_s) : taken;
}

}  // namespace mock_provider
