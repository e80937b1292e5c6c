// A connection, plain or TLS, as one type: code that reads and writes does not know which it has.
#ifndef ARBSTR_PROXY_NET_BYTE_STREAM_H_
#define ARBSTR_PROXY_NET_BYTE_STREAM_H_

#include <boost/asio/async_result.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "proxy/net/task.h"
#include "proxy/net/wire.h"
#include "proxy/net/write_batch.h"

namespace arbstr::proxy {

// Models Asio's AsyncReadStream and AsyncWriteStream. Destroying it closes the socket without ceremony.
class ByteStream {
 public:
  using TlsStream = asio::ssl::stream<Socket&>;
  using executor_type = Executor;

  explicit ByteStream(Socket socket)
      : executor_(socket.get_executor()),
        write_batch_(WriteBatch::Of(executor_)),
        socket_(std::make_unique<Socket>(std::move(socket))) {}
  // For tests and simulations: no socket, no TLS.
  ByteStream(Executor executor, std::unique_ptr<Wire> wire)
      : executor_(executor), write_batch_(WriteBatch::Of(executor_)), wire_(std::move(wire)) {}

  Executor get_executor() const { return executor_; }
  WriteBatch& write_batch() { return write_batch_; }
  Socket& socket() { return *socket_; }
  // Null for a plain connection.
  TlsStream* tls() { return tls_.get(); }
  TlsStream& StartTls(asio::ssl::context& context) {
    tls_ = std::make_unique<TlsStream>(*socket_, context);
    return *tls_;
  }
  // Plain again, for a peer that never spoke TLS; no operation may be in flight.
  void StopTls() { tls_.reset(); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, size_t)>(
        [this](auto handler, const Buffers& b) {
          if (tls_) {
            tls_->async_read_some(b, std::move(handler));
          } else if (socket_) {
            socket_->async_read_some(b, std::move(handler));
          } else {
            ReadWire(b, std::move(handler));
          }
        },
        token, buffers);
  }

  // A plain connection can be waited for without a buffer: until there is something, an end or an error to
  // read.
  bool plain() const { return tls_ == nullptr; }
  bool has_socket() const { return socket_ != nullptr; }
  bool is_plain_socket() const { return plain() && has_socket(); }
  template <typename Token>
  auto AsyncWaitReadable(Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode)>(
        [this](auto handler) {
          if (socket_) {
            socket_->async_wait(Socket::wait_read, std::move(handler));
          } else {
            WaitForWire(std::move(handler));
          }
        },
        token);
  }
  // What has come already; over TLS of one record. `error` is clear before. would_block: nothing; eof: the
  // peer has closed.
  size_t ReadNow(std::span<char> room, ErrorCode& error);
  // Of `pieces`, neither empty nor beginning with an empty one, as much as a plain connection takes at once:
  // most often all. would_block: nothing, and async_write_some waits until it can; always so over TLS.
  size_t WriteNow(std::span<const asio::const_buffer> pieces, ErrorCode& error);

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, size_t)>(
        [this](auto handler, const Buffers& b) {
          if (tls_) {
            tls_->async_write_some(b, std::move(handler));
          } else if (socket_) {
            socket_->async_write_some(b, std::move(handler));
          } else {
            WriteWire(b, std::move(handler));
          }
        },
        token, buffers);
  }

  // Ends every operation in flight with operation_aborted.
  void Close();
  // Cancels the same, but leaves the connection open.
  void Cancel();
  // Says that no more will be written.
  void ShutdownSend();
  // Nothing to read and not closed. Bytes that nobody asked for would be taken for the next request's answer.
  // Of a connection with no operation in flight; over TLS what only its layer reads, such as a session
  // ticket, is read.
  bool IsQuiet();
  // Whether something has come that was not read, of TLS as well.
  bool HasInput();
  // Seen without a read, so behind bytes that nobody has read.
  bool PeerHasClosed();
  // How much of what was written the peer has not acknowledged: less than before is progress, also where the
  // kernel takes no more yet. 0 where that is not known.
  size_t UnacknowledgedBytes();

 private:
  bool IsTlsQuiet();
  // What cancels the handler's operation.
  template <typename Handler>
  void CancelBy(void (Wire::*cancel)(), const Handler& handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (!slot.is_connected()) return;
    slot.assign([wire = wire_.get(), cancel](asio::cancellation_type) { (wire->*cancel)(); });
  }

  template <typename Handler>
  void WaitForWire(Handler handler) {
    CancelBy(&Wire::CancelRead, handler);
    wire_->WaitReadable(Wire::ReadableWaiterOf(std::move(handler)));
  }

  template <typename Buffers, typename Handler>
  void ReadWire(const Buffers& buffers, Handler handler) {
    CancelBy(&Wire::CancelRead, handler);
    wire_->Read(asio::mutable_buffer(*asio::buffer_sequence_begin(buffers)),
                Wire::WaiterOf(std::move(handler)));
  }

  template <typename Buffers, typename Handler>
  void WriteWire(const Buffers& buffers, Handler handler) {
    CancelBy(&Wire::CancelWrite, handler);
    std::string bytes;
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
      const asio::const_buffer buffer(*at);
      bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
    }
    wire_->Write(std::move(bytes), Wire::WaiterOf(std::move(handler)));
  }

  Executor executor_;
  WriteBatch& write_batch_;         // its loop's
  std::unique_ptr<Socket> socket_;  // null: there is a wire in its place
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<Wire> wire_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_BYTE_STREAM_H_
