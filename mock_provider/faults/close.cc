// A worker that exits cleanly under a request, or an idle timeout that hits a busy connection: FIN, no byte.
#include "mock_provider/faults/fault.h"

namespace mock_provider {

void Close(const HttpAnswer&, WirePlan& wire) { wire.Close(); }

}  // namespace mock_provider
