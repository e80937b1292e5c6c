// A proxy chain that appends to a header for ever: a head of more than 64 KiB.
#include <fmt/format.h>

#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void HugeHeaders(const HttpAnswer& answer, WirePlan& wire) {
  HttpAnswer huge = answer;
  for (int i = 0; i < 20; ++i)
    huge.headers.emplace_back(fmt::format("x-trace-{}", i), std::string(4096, 't'));
  wire.Write(HeadWithLength(huge));
  wire.WriteBody(huge.WholeBody());
}

}  // namespace mock_provider
