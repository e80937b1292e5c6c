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
  ErrorCode error;
  const size_t got = ReadNow(*connection.stream, input.Prepare(kMostRest), error);
  if (got == kMostRest || (error && error != asio::error::would_block)) return RestState::kUnusable;
  input.Commit(got);
  BodyBuffer dropped(kMostRest);
  const ParseStep step = connection.rest->PutBody(input.view(), dropped);
  input.Consume(step.consumed);
  if (step.status == ParseStatus::kNeedMore) return RestState::kAwaited;
  const bool usable = step.status == ParseStatus::kDone && input.size() == 0 && connection.stream->IsQuiet();
  return usable ? RestState::kEnded : RestState::kUnusable;
}

}  // namespace arbstr::proxy
