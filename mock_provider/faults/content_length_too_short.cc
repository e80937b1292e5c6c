// A length counted in characters instead of bytes. The surplus stays on the connection, which stays open, and
// stands where the next answer should begin.
#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void ContentLengthTooShort(const HttpAnswer& answer, WirePlan& wire) {
  std::string body = answer.WholeBody();
  if (body.empty()) body = " ";
  const std::size_t surplus = body.size() > 16 ? 16 : 1;
  wire.Write(Head(answer, {fmt::format("Content-Length: {}", body.size() - surplus)}));
  wire.WriteBody(body);
}

}  // namespace mock_provider
