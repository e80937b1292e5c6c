// A connection, plain or TLS, as one type: code that reads and writes does not know which it has.
#ifndef ARBSTR_PROXY_NET_BYTE_STREAM_H_
#define ARBSTR_PROXY_NET_BYTE_STREAM_H_

#include <boost/asio/async_result.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// Models Asio's AsyncReadStream and AsyncWriteStream. Destroying it closes the socket without ceremony.
class ByteStream {
 public:
  using TlsStream = asio::ssl::stream<Socket&>;
  using executor_type = Executor;

  explicit ByteStream(Socket socket) : socket_(std::make_unique<Socket>(std::move(socket))) {}

  Executor get_executor() const { return socket_->get_executor(); }
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
          } else {
            socket_->async_read_some(b, std::move(handler));
          }
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, size_t)>(
        [this](auto handler, const Buffers& b) {
          if (tls_) {
            tls_->async_write_some(b, std::move(handler));
          } else {
            socket_->async_write_some(b, std::move(handler));
          }
        },
        token, buffers);
  }

  // Ends every operation in flight with operation_aborted.
  void Close() {
    ErrorCode ignored;
    socket_->close(ignored);
  }

 private:
  std::unique_ptr<Socket> socket_;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_BYTE_STREAM_H_
