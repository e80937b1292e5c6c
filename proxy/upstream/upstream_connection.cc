#include "proxy/upstream/upstream_connection.h"

#include <boost/asio/buffer.hpp>

namespace arbstr::proxy {
namespace {

// Behind [DONE] come an empty line and the last chunk. Who says more is not listened to.
constexpr size_t kMostRest = 1024;

// As ByteStream::ReadNow, over TLS too.
size_t ReadNow(ByteStream& stream, std::span<char> room, ErrorCode& error) {
  if (stream.plain()) return stream.ReadNow(room, error);
  stream.socket().non_blocking(true, error);
  return error ? 0 : stream.tls()->read_some(asio::buffer(room.data(), room.size()), error);
}

}  // namespace

RestState ReadRest(UpstreamConnection& connection) {
  BodyBuffer& input = connection.input;
  BodyBuffer dropped(kMostRest);
  ParseStep step{ParseStatus::kNeedMore, 0};
  for (size_t most = kMostRest; step.status == ParseStatus::kNeedMore;) {  // TLS gives a record at a time
    ErrorCode error;
    const size_t got = ReadNow(*connection.stream, input.Prepare(most), error);
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
