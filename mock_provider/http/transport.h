// A connection's byte stream: a socket, or TLS on one. Reads and writes as Asio and Beast want a stream to.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_TRANSPORT_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_TRANSPORT_H_

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "mock_provider/http/stoppable_socket.h"

namespace mock_provider {

class Transport;

// How a read and a write begin, on whichever stream it is.
struct ReadSome {
  Transport* transport;
  template <typename Handler, typename Buffers>
  void operator()(Handler&& handler, const Buffers& buffers) const;
};
struct WriteSome {
  Transport* transport;
  template <typename Handler, typename Buffers>
  void operator()(Handler&& handler, const Buffers& buffers) const;
};

class Transport {
 public:
  using executor_type = boost::asio::any_io_executor;

  // With a context it speaks TLS, after a handshake that the owner has to ask for.
  explicit Transport(boost::asio::ip::tcp::socket socket,
                     std::shared_ptr<boost::asio::ssl::context> tls = nullptr);

  executor_type get_executor() { return socket_.get_executor(); }
  boost::asio::ip::tcp::socket& socket() { return socket_.lowest_layer(); }
  bool IsTls() const { return tls_ != nullptr; }

  // Ends the read, write, handshake or closing that goes on, and fails those that begin later. Only
  // CloseGracefully may still begin: a stream over TLS has its end to announce.
  void Stop() { socket_.Stop(); }

  boost::asio::awaitable<boost::system::error_code> AcceptTls();
  // Verifies the server's certificate, and that it is that host's.
  boost::asio::awaitable<boost::system::error_code> ConnectTls(const std::string& host);

  // FIN, which under TLS comes after the notice that the stream ends here. Waits a second at most.
  boost::asio::awaitable<void> CloseGracefully();
  // FIN after an answer to a request that was not read to its end: goes on reading, for a second and a MiB at
  // most, so that the peer gets to read the answer.
  boost::asio::awaitable<void> LingerAndDrain();
  // RST.
  void CloseAbruptly();

  // Takes what has arrived; would_block when nothing has. For a non-blocking socket.
  std::size_t ReadArrived(const boost::asio::mutable_buffer& buffer, boost::system::error_code& error);
  // Sends what the socket takes at once: nothing of it where it takes none, and nothing ever under TLS. For a
  // non-blocking socket. An error shows at the next write.
  std::size_t WriteAtOnce(const boost::asio::const_buffer& bytes);

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token)
      -> decltype(boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
          std::declval<ReadSome>(), token, buffers));
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token)
      -> decltype(boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
          std::declval<WriteSome>(), token, buffers));

 private:
  friend struct ReadSome;
  friend struct WriteSome;

  StoppableSocket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  // Its buffers are 34 KiB: a plain connection goes without.
  std::unique_ptr<boost::asio::ssl::stream<StoppableSocket&>> tls_;
};

template <typename Handler, typename Buffers>
void ReadSome::operator()(Handler&& handler, const Buffers& buffers) const {
  if (transport->tls_) {
    transport->tls_->async_read_some(buffers, std::forward<Handler>(handler));
  } else {
    transport->socket_.async_read_some(buffers, std::forward<Handler>(handler));
  }
}

template <typename Handler, typename Buffers>
void WriteSome::operator()(Handler&& handler, const Buffers& buffers) const {
  if (transport->tls_) {
    transport->tls_->async_write_some(buffers, std::forward<Handler>(handler));
  } else {
    transport->socket_.async_write_some(buffers, std::forward<Handler>(handler));
  }
}

template <typename Buffers, typename Token>
auto Transport::async_read_some(const Buffers& buffers, Token&& token)
    -> decltype(boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        std::declval<ReadSome>(), token, buffers)) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(ReadSome{this},
                                                                                          token, buffers);
}

template <typename Buffers, typename Token>
auto Transport::async_write_some(const Buffers& buffers, Token&& token)
    -> decltype(boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        std::declval<WriteSome>(), token, buffers)) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(WriteSome{this},
                                                                                          token, buffers);
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_TRANSPORT_H_
