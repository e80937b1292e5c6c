#include "mock_provider/http/transport.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "mock_provider/http/socket_close.h"

namespace mock_provider {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);

bool IsAddress(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

// Stops a socket after a second, unless this has ended before.
class OneSecond {
 public:
  explicit OneSecond(StoppableSocket& socket) : timer_(socket.get_executor(), std::chrono::seconds(1)) {
    // The handler may run when the socket is gone already.
    timer_.async_wait([&socket, ended = ended_](const error_code& cancelled) {
      if (!cancelled && !*ended) socket.Stop();
    });
  }
  ~OneSecond() { *ended_ = true; }
  OneSecond(const OneSecond&) = delete;
  OneSecond& operator=(const OneSecond&) = delete;

 private:
  const std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
  asio::steady_timer timer_;
};

}  // namespace

Transport::Transport(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(socket)), context_(std::move(tls)) {
  if (context_) tls_ = std::make_unique<asio::ssl::stream<StoppableSocket&>>(socket_, *context_);
}

asio::awaitable<error_code> Transport::AcceptTls() {
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kUseTuple);
  co_return error;
}

asio::awaitable<error_code> Transport::ConnectTls(const std::string& host) {
  error_code error;
  tls_->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) tls_->set_verify_callback(asio::ssl::host_name_verification(host), error);
  // Names only: an address is no server name.
  if (!error && !IsAddress(host) && SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str()) != 1) {
    error = asio::error::invalid_argument;
  }
  if (error) co_return error;
  const auto [refused] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kUseTuple);
  co_return refused;
}

asio::awaitable<void> Transport::CloseGracefully() {
  if (tls_ && socket().is_open()) {
    socket_.Resume();
    const OneSecond patience(socket_);  // the peer need not answer the notice
    co_await tls_->async_shutdown(kUseTuple);
  }
  mock_provider::CloseGracefully(socket());
}

asio::awaitable<void> Transport::LingerAndDrain() {
  error_code ignored;
  socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  const OneSecond patience(socket_);
  std::array<char, 4096> unread;
  for (std::size_t drained = 0; drained < kMaxDrained;) {
    const auto [error, bytes] = co_await socket_.async_read_some(asio::buffer(unread), kUseTuple);
    if (error) break;
    drained += bytes;
  }
}

void Transport::CloseAbruptly() { mock_provider::CloseAbruptly(socket()); }

std::size_t Transport::ReadArrived(const asio::mutable_buffer& buffer, error_code& error) {
  return tls_ ? tls_->read_some(buffer, error) : socket_.read_some(buffer, error);
}

std::size_t Transport::WriteAtOnce(const asio::const_buffer& bytes) {
  error_code error;
  return tls_ ? 0 : socket_.write_some(bytes, error);
}

}  // namespace mock_provider
