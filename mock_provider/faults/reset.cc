// A worker that is killed, or a middlebox that drops the connection: RST before any byte.
#include "mock_provider/faults/fault.h"

namespace mock_provider {

void Reset(const HttpAnswer&, WirePlan& wire) { wire.Abort(); }

}  // namespace mock_provider
