// A middlebox that rewrote the body and kept the old length: the whole body, fewer bytes than announced, FIN.
#include <fmt/format.h>

#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void ContentLengthTooLong(const HttpAnswer& answer, WirePlan& wire) {
  const std::string body = answer.WholeBody();
  wire.Write(Head(answer, {fmt::format("Content-Length: {}", body.size() + 64)}));
  wire.WriteBody(body);
  wire.Close();
}

}  // namespace mock_provider
