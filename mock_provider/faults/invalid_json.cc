// A template or a proxy that writes something else than JSON under its name. Framed right.
#include "mock_provider/faults/fault.h"

namespace mock_provider {

void InvalidJson(const HttpAnswer& answer, WirePlan& wire) {
  HttpAnswer broken = answer;
  broken.frames.clear();
  broken.SetHeader("content-type", "application/json");
  broken.body = R"({"id": "chatcmpl-mock", "choices": [{'message': oops)";
  wire.Write(HeadWithLength(broken));
  wire.WriteBody(broken.body);
}

}  // namespace mock_provider
