// A process that dies while it writes its head: half of the head, then FIN.
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void CloseMidHeaders(const HttpAnswer& answer, WirePlan& wire) {
  const std::string head = HeadWithLength(answer);
  wire.Write(head.substr(0, head.size() / 2));
  wire.Close();
}

}  // namespace mock_provider
