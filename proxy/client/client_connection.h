// A client's connection. Its input is always waited for while a provider is, so that a client's leaving is
// seen at once; what it sends ahead is kept for the next request.
#ifndef ARBSTR_PROXY_CLIENT_CLIENT_CONNECTION_H_
#define ARBSTR_PROXY_CLIENT_CLIENT_CONNECTION_H_

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/client/write_stall.h"
#include "proxy/http/body_buffer.h"
#include "proxy/net/byte_stream.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/event.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// Used by one coroutine of its loop. Errors end it: after one, only Close is of use.
class ClientConnection : public std::enable_shared_from_this<ClientConnection> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `input_limit`: bytes read ahead at most. `write_stall`: a write without progress for so long is a client
  // gone.
  ClientConnection(ByteStream stream, DeadlineWheel& wheel, size_t input_limit,
                   std::chrono::milliseconds write_stall);

  // Of its loop.
  const LoopClock& clock() const { return wheel_.clock(); }

  // TLS from here on, as its server. After an error the connection can only be closed, or go on as plain
  // (StopTls) where IsPlainHttp. A client that takes longer than `by` is cut off.
  Task<ErrorCode> Handshake(asio::ssl::context& context, TimePoint by);
  void StopTls() { stream_.StopTls(); }

  // Bytes read and not yet consumed.
  std::string_view input() const { return input_.view().substr(consumed_); }
  void Consume(size_t bytes) { consumed_ += bytes; }
  // Empty lines before a request are to be ignored (RFC 9112 §2.2).
  void SkipEmptyLines() { Consume(std::min(input().find_first_not_of("\r\n"), input().size())); }

  // Waits for more input. timed_out at `by`, eof when the client has closed, operation_aborted when the
  // coroutine is cancelled.
  Task<ErrorCode> Fill(TimePoint by);
  // Reads into `target`, which must not be empty, past the input, which must be; `read` says how much.
  Task<ErrorCode> ReadInto(std::span<char> target, TimePoint by, size_t& read);

  using Buffers = std::span<asio::const_buffer>;
  // Writes all; the span's entries are used up.
  Task<ErrorCode> Write(Buffers buffers);
  Task<ErrorCode> Write(std::string_view text);

  // From now on `on_gone` is called, once, when the client has left; until Unwatch.
  void Watch(std::function<void()> on_gone);
  void Unwatch() { on_gone_ = nullptr; }

  // Tells a client over TLS that what came before it is all there was: without it, it was cut.
  Task<> EndTls();
  // Whether the client has sent something that nobody has read: closing would reset the connection, and the
  // answer could be lost with it.
  bool HasUnread();
  // Says that no more will be written, then reads and drops what still comes: at most 1 MiB, for at most a
  // second. `cut`: over TLS too the client is not to take it for a clean end.
  Task<> HalfCloseAndDrain(bool cut = false);
  void Close() { stream_.Close(); }
  // Between two requests: tells a client over TLS, where it can be told at once, then closes.
  void CloseIdle();

 private:
  void StartRead();
  void OnReadable(ErrorCode error);
  void OnRead(ErrorCode error, size_t bytes);
  void KeepWatching();
  void PollForGone();
  std::string CloseNotifyToSend();

  DeadlineWheel& wheel_;
  ByteStream stream_;
  BodyBuffer input_;
  size_t consumed_ = 0;  // of input_; moved down only while no read points into it
  WriteStall write_stall_;
  Event input_event_;
  Deadline read_deadline_;
  Deadline gone_poll_;
  std::function<void()> on_gone_;
  ErrorCode read_error_;
  bool reading_ = false;
  bool received_ = false;  // something, since Fill began to wait
  bool timed_out_ = false;
  bool tls_established_ = false;
  bool write_failed_ = false;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CLIENT_CLIENT_CONNECTION_H_
