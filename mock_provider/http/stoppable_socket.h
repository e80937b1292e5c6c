// A socket whose owner can end what goes on there, at whatever moment. Reads and writes as Asio wants a
// stream to.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_STOPPABLE_SOCKET_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_STOPPABLE_SOCKET_H_

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <utility>

namespace mock_provider {

class StoppableSocket {
 public:
  using lowest_layer_type = boost::asio::ip::tcp::socket;
  using executor_type = lowest_layer_type::executor_type;

  explicit StoppableSocket(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  // What waits ends with operation_aborted, and so does every read and write that begins from now on. The
  // second matters as much: one that is complete already cannot be cancelled, though whoever began it has not
  // been told yet, and goes on with the next.
  void Stop() {
    stopped_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  // For a last word.
  void Resume() { stopped_ = false; }

  lowest_layer_type& lowest_layer() { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, Completed>(
        [this](auto handler, const Buffers& into) {
          if (stopped_) return Abort(std::move(handler));
          socket_.async_read_some(into, std::move(handler));
        },
        token, buffers);
  }
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, Completed>(
        [this](auto handler, const Buffers& from) {
          if (stopped_) return Abort(std::move(handler));
          socket_.async_write_some(from, std::move(handler));
        },
        token, buffers);
  }

  // These do not wait, and so cannot be stopped.
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    return socket_.read_some(buffers, error);
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    return socket_.write_some(buffers, error);
  }

 private:
  using Completed = void(boost::system::error_code, std::size_t);

  template <typename Handler>
  void Abort(Handler handler) {
    const boost::system::error_code aborted = boost::asio::error::operation_aborted;
    boost::asio::post(socket_.get_executor(),
                      boost::asio::append(std::move(handler), aborted, std::size_t{0}));
  }

  boost::asio::ip::tcp::socket socket_;
  bool stopped_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_STOPPABLE_SOCKET_H_
