#include "mock_provider/frame_script.h"

#include <cstddef>

namespace mock_provider {
namespace {

constexpr double kSplitGapMs = 20;  // what keeps two writes from being read as one
constexpr const char* kDone = "data: [DONE]\n\n";

class StreamWriter {
 public:
  StreamWriter(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws)
      : chunked_(!answer.http10), script_(script), draws_(draws) {
    plan_.Write(chunked_ ? Head(answer, {"Transfer-Encoding: chunked"}) : Head(answer, {}));
  }

  // Whether the stream goes on after this frame.
  bool WriteFrame(int number, const std::string& frame) {
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

  WirePlan Finish(int frames) {
    if (script_.hang && script_.hang->frame >= frames && !Hangs()) return plan_;
    if (chunked_) {
      plan_.WriteBody(std::string(kLastChunk));
    } else {
      plan_.Close();
    }
    return plan_;
  }

  const WirePlan& plan() const { return plan_; }

 private:
  void Send(const std::string& bytes) {
    if (!bytes.empty()) plan_.WriteBody(chunked_ ? Chunk(bytes) : bytes);
  }

  bool Hangs() {
    plan_.Append(HangSteps(*script_.hang));
    return !plan_.Ended();
  }

  void Pace(int number) {
    if (number == 0) {
      if (script_.pace.ttft_ms) plan_.Pause(Sample(*script_.pace.ttft_ms, draws_));
    } else if (script_.frames.delay_ms) {
      plan_.Pause(Sample(*script_.frames.delay_ms, draws_));
    } else if (script_.pace.tps) {
      const double gap = 1000 / *script_.pace.tps;
      plan_.Pause(gap * (1 + script_.pace.jitter * (2 * draws_.Next() - 1)));
    }
  }

  void SendSplit(const std::string& frame) {
    const std::size_t cut = SplitPoint(frame);
    Send(frame.substr(0, cut));
    plan_.Settle(kSplitGapMs);
    Send(frame.substr(cut));
  }

  bool Play(const FrameEvent& event, const std::string& frame, bool& replaced) {
    if (event.stall_ms) plan_.Pause(*event.stall_ms);
    if (event.comment) Send(": " + *event.comment + "\n\n");
    replaced = replaced || event.split_utf8 || event.malformed || event.cut_mid_event || event.error_event ||
               event.duplicate || event.end;
    if (event.split_utf8) SendSplit(frame);
    if (event.malformed) {
      Send(event.malformed->empty() ? frame.substr(0, frame.size() / 2) + "\n\n"
                                    : "data: " + *event.malformed + "\n\n");
    }
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
    return !plan_.Ended();
  }

  const bool chunked_;
  const StreamScript& script_;
  DrawSequence& draws_;
  WirePlan plan_;
};

}  // namespace

WirePlan WriteStream(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws) {
  StreamWriter writer(answer, script, draws);
  int number = 0;
  for (const std::string& frame : answer.frames) {
    if (script.frames.omit_done && frame == kDone) continue;
    if (!writer.WriteFrame(number++, frame)) return writer.plan();
  }
  return writer.Finish(number);
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
