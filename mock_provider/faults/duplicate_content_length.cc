// A middlebox that adds its own length to the one that is there: two that differ, then FIN. The stuff of
// request smuggling.
#include <fmt/format.h>

#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void DuplicateContentLength(const HttpAnswer& answer, WirePlan& wire) {
  const std::string body = answer.WholeBody();
  wire.Write(Head(answer, {fmt::format("Content-Length: {}", body.size()),
                           fmt::format("Content-Length: {}", body.size() + 7)}));
  wire.WriteBody(body);
  wire.Close();
}

}  // namespace mock_provider
