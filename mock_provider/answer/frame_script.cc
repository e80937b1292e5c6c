#include "mock_provider/answer/frame_script.h"

#include <cstddef>
#include <utility>

namespace mock_provider {
namespace {

constexpr double kSplitGapMs = 20;  // what keeps two writes from being read as one
constexpr const char* kDone = "data: [DONE]\n\n";

}  // namespace

StreamWriter::StreamWriter(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws)
    : chunked_(!answer.http10), script_(script), draws_(draws) {
  plan_.Reserve(2 * answer.frames.size() + 4);  // a pause and a write each
  plan_.Write(chunked_ ? Head(answer, {"Transfer-Encoding: chunked"}) : Head(answer, {}));
}

bool StreamWriter::Write(const std::string& frame) {
  if (script_.frames.omit_done && frame == kDone) return true;
  const int number = frames_++;
  Pace(number);
  if (script_.hang && script_.hang->frame == number && !Hangs()) return false;
  bool replaced = false;
  for (const FrameEvent& event : script_.frames.at) {
    if (event.frame != number) continue;
    if (!Play(event, frame, replaced)) return false;
  }
  if (!replaced) Send(frame);
  return true;
}

void StreamWriter::Finish() {
  if (chunked_) {
    plan_.WriteBody(std::string(kLastChunk));
  } else {
    plan_.Close();
  }
}

WirePlan StreamWriter::Take() { return std::exchange(plan_, {}); }

void StreamWriter::Send(const std::string& bytes) {
  if (!bytes.empty()) plan_.WriteBody(chunked_ ? Chunk(bytes) : bytes);
}

bool StreamWriter::Hangs() {
  plan_.Append(HangSteps(*script_.hang));
  return !plan_.Ended();
}

void StreamWriter::Pace(int number) {
  if (number == 0) {
    if (script_.pace.ttft_ms) plan_.Pause(Sample(*script_.pace.ttft_ms, draws_));
  } else if (script_.frames.delay_ms) {
    plan_.Pause(Sample(*script_.frames.delay_ms, draws_));
  } else if (script_.pace.tps) {
    const double gap = 1000 / *script_.pace.tps;
    plan_.Pause(gap * (1 + script_.pace.jitter * (2 * draws_.Next() - 1)));
  }
}

void StreamWriter::SendSplit(const std::string& frame) {
  const std::size_t cut = SplitPoint(frame);
  Send(frame.substr(0, cut));
  plan_.Settle(kSplitGapMs);
  Send(frame.substr(cut));
}

bool StreamWriter::Play(const FrameEvent& event, const std::string& frame, bool& replaced) {
  if (event.stall_ms) plan_.Pause(*event.stall_ms);
  if (event.comment) Send(": " + *event.comment + "\n\n");
  replaced = replaced || event.split_utf8 || event.malformed || event.cut_json || event.cut_mid_event ||
             event.error_event || event.duplicate || event.end;
  if (event.split_utf8) SendSplit(frame);
  if (event.malformed) Send("data: " + *event.malformed + "\n\n");
  if (event.cut_json) Send(frame.substr(0, frame.size() / 2) + "\n\n");
  if (event.error_event) Send(script_.error_event(*event.error_event));
  if (event.duplicate) {
    Send(frame);
    Send(frame);
  }
  if (event.cut_mid_event) {
    Send(frame.substr(0, frame.size() / 2));
    if (!event.end) plan_.Close();
  }
  if (event.end == FrameEvent::End::kFin) plan_.Close();
  if (event.end == FrameEvent::End::kReset) plan_.Abort();
  if (event.end == FrameEvent::End::kClean) {
    Finish();
    return false;
  }
  return !plan_.Ended();
}

WirePlan WriteStream(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws) {
  StreamWriter writer(answer, script, draws);
  for (const std::string& frame : answer.frames) {
    if (!writer.Write(frame)) return writer.Take();
  }
  writer.Finish();
  return writer.Take();
}

WirePlan HangSteps(const Hang& hang) {
  WirePlan steps;
  steps.Pause(hang.for_ms.value_or(kForever));
  switch (hang.end) {
    case Hang::End::kFin:
      steps.Close();
      break;
    case Hang::End::kReset:
      steps.Abort();
      break;
    case Hang::End::kReply:
      break;
  }
  return steps;
}

std::size_t SplitPoint(const std::string& bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (static_cast<unsigned char>(bytes[i]) >= 0xc0) return i + 1;
  }
  return bytes.size() / 2;
}

}  // namespace mock_provider
