// A buffer cut by something on the way that then counted it anew: half of the JSON, framed right.
#include <fmt/format.h>

#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void TruncatedJson(const HttpAnswer& answer, WirePlan& wire) {
  const std::string whole = answer.WholeBody();
  const std::string half = whole.substr(0, whole.size() / 2);
  wire.Write(Head(answer, {fmt::format("Content-Length: {}", half.size())}));
  wire.WriteBody(half);
}

}  // namespace mock_provider
