// A worker that crashes while it answers: the head, half of the body (at least one byte), then FIN.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void CloseMidBody(const HttpAnswer& answer, WirePlan& wire) {
  std::string body = answer.WholeBody();
  if (body.empty()) body = " ";
  const std::size_t sent = std::max<std::size_t>(1, body.size() / 2);
  // A body of one byte is announced as two, or it would arrive whole.
  const std::size_t announced = std::max(body.size(), sent + 1);
  wire.Write(Head(answer, {fmt::format("Content-Length: {}", announced)}));
  wire.WriteBody(body.substr(0, sent));
  wire.Close();
}

}  // namespace mock_provider
