// A handler that failed after it had decided to say 200: a complete answer with no body at all.
#include "mock_provider/faults/fault.h"

namespace mock_provider {

void EmptyBody(const HttpAnswer& answer, WirePlan& wire) { wire.Write(Head(answer, {"Content-Length: 0"})); }

}  // namespace mock_provider
