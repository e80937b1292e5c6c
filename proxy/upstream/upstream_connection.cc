#include "proxy/upstream/upstream_connection.h"

namespace arbstr::proxy {
namespace {

// Behind [DONE] come an empty line and the last chunk. Who says more is not listened to.
constexpr size_t kMostRest = 1024;

}  // namespace

RestState ReadRest(UpstreamConnection& connection) {
  BodyBuffer& input = connection.input;
  BodyBuffer dropped(kMostRest);
  ParseStep step{ParseStatus::kNeedMore, 0};
  for (size_t most = kMostRest; step.status == ParseStatus::kNeedMore;) {  // TLS gives a record at a time
    ErrorCode error;
    const size_t got = connection.stream->ReadNow(input.Prepare(most), error);
    input.Commit(got);
    step = connection.rest->PutBody(input.view(), dropped);
    input.Consume(step.consumed);
    if (got == most || (error && error != asio::error::would_block)) return RestState::kUnusable;
    if (error && step.status == ParseStatus::kNeedMore) return RestState::kAwaited;
    most -= got;
  }
  const bool usable = step.status == ParseStatus::kDone && input.size() == 0 && connection.stream->IsQuiet();
  return usable ? RestState::kEnded : RestState::kUnusable;
}

}  // namespace arbstr::proxy
