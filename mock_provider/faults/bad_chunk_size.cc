// A broken chunk encoder: one good chunk, then a size that is no number, then FIN.
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void BadChunkSize(const HttpAnswer& answer, WirePlan& wire) {
  const std::string body = answer.WholeBody();
  const std::string first = body.substr(0, body.size() / 2);
  wire.Write(Head(answer, {"Transfer-Encoding: chunked"}));
  if (!first.empty()) wire.WriteBody(Chunk(first));
  wire.WriteBody("zz\r\n" + body.substr(first.size()) + "\r\n");
  wire.Close();
}

}  // namespace mock_provider
