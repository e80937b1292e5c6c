// A connection to a provider, and what is left on it of a response that nobody reads any further.
#ifndef ARBSTR_PROXY_UPSTREAM_UPSTREAM_CONNECTION_H_
#define ARBSTR_PROXY_UPSTREAM_UPSTREAM_CONNECTION_H_

#include <chrono>
#include <memory>
#include <optional>

#include "proxy/http/body_buffer.h"
#include "proxy/http/message_parser.h"
#include "proxy/net/byte_stream.h"

namespace arbstr::proxy {

struct UpstreamConnection {
  std::unique_ptr<ByteStream> stream;
  BodyBuffer input;  // read and not yet parsed
  // Of a response that is done with before its message has ended, as a stream is with [DONE]: reads the rest.
  std::optional<ResponseParser> rest{};
  std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::time_point::max();
};

enum class RestState {
  kEnded,    // with the message, so that the connection can carry another exchange
  kAwaited,  // it has not come yet
  kUnusable,
};
// Reads what has come of the rest, without waiting for more.
RestState ReadRest(UpstreamConnection& connection);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_UPSTREAM_CONNECTION_H_
