// A server that speaks something close to HTTP: a status that is no number, then FIN.
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void BadStatusLine(const HttpAnswer& answer, WirePlan& wire) {
  const std::string head = HeadWithLength(answer);
  wire.Write("HTTP/1.1 OK two-hundred\r\n" + head.substr(head.find("\r\n") + 2));
  wire.WriteBody(answer.WholeBody());
  wire.Close();
}

}  // namespace mock_provider
