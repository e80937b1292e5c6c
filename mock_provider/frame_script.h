// A streamed answer as steps on the wire: frame by frame, with what goes wrong at each.
#ifndef ARBSTR_MOCK_PROVIDER_FRAME_SCRIPT_H_
#define ARBSTR_MOCK_PROVIDER_FRAME_SCRIPT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "mock_provider/action.h"
#include "mock_provider/draw.h"
#include "mock_provider/http_answer.h"
#include "mock_provider/scenario.h"
#include "mock_provider/wire_plan.h"

namespace mock_provider {

struct StreamScript {
  Frames frames{};
  StreamPace pace{};
  std::optional<Hang> hang{};  // only one at a frame; a frame that never comes means the stream's end
  std::function<std::string(const ErrorAnswer&)> error_event{};
};

// Head and body of a stream, each frame in a write of its own; chunked, or until the connection's end for a
// client of HTTP/1.0. Ends the plan where the script ends the stream early.
WirePlan WriteStream(const HttpAnswer& answer, const StreamScript& script, DrawSequence& draws);

// What a hang does where it stands: the silence, then its end.
WirePlan HangSteps(const Hang& hang);

// Where to cut the bytes so that a multi-byte character is split; the middle where there is none.
std::size_t SplitPoint(const std::string& bytes);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_FRAME_SCRIPT_H_
