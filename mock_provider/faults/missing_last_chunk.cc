// A worker that dies after its last write and before the end of the body: every chunk but the last, then FIN.
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void MissingLastChunk(const HttpAnswer& answer, WirePlan& wire) {
  wire.Write(Head(answer, {"Transfer-Encoding: chunked"}));
  for (const std::string& frame : answer.frames) wire.WriteBody(Chunk(frame));
  if (!answer.IsStream() && !answer.body.empty()) wire.WriteBody(Chunk(answer.body));
  wire.Close();
}

}  // namespace mock_provider
