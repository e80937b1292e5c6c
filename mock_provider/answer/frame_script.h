// A streamed answer as steps on the wire: frame by frame, with what goes wrong at each.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_FRAME_SCRIPT_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_FRAME_SCRIPT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

struct StreamScript {
  Frames frames{};
  StreamPace pace{};
  std::optional<Hang> hang{};  // only one at a frame; a frame that never comes means the stream's end
  std::function<std::string(const ErrorAnswer&)> error_event{};
};

// A stream frame by frame: head and frames leave in writes of their own.
class StreamWriter {
 public:
  // Begins with the head. All three must outlive the writer.
  StreamWriter(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws);

  // Whether the stream goes on after this frame.
  bool Write(const std::string& frame);
  // The stream's regular end.
  void Finish();

  // What is to be done since the last time.
  WirePlan Take();

 private:
  void Send(const std::string& bytes);
  void SendSplit(const std::string& frame);
  bool Hangs();
  void Pace(int number);
  bool Play(const FrameEvent& event, const std::string& frame, bool& replaced);

  const bool chunked_;
  const StreamScript& script_;
  DrawSequence& draws_;
  int frames_ = 0;
  WirePlan plan_;
};

// Head and body of a stream, each frame in a write of its own; chunked, or until the connection's end for a
// client of HTTP/1.0. Ends the plan where the script ends the stream early.
WirePlan WriteStream(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws);

// What a hang does where it stands: the silence, then its end.
WirePlan HangSteps(const Hang& hang);

// Where to cut the bytes so that a multi-byte character is split; the middle where there is none.
std::size_t SplitPoint(const std::string& bytes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_FRAME_SCRIPT_H_
