#include "mock_provider/http/tcp_port.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

namespace mock_provider {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// From a Bind to the Close after it. Whatever still waits for it then finds it closed, and leaves the next
// one alone.
struct TcpPort::Acceptance {
  Acceptance(const asio::any_io_executor& executor, const OnSocket& given)
      : acceptor(executor), retry(executor), on_socket(given) {}

  tcp::acceptor acceptor;
  asio::steady_timer retry;
  const OnSocket on_socket;
};

TcpPort::TcpPort(asio::any_io_executor executor, OnSocket on_socket)
    : executor_(std::move(executor)), on_socket_(std::move(on_socket)) {}

TcpPort::~TcpPort() { Close(); }

error_code TcpPort::Bind(const ListenAddress& address) {
  endpoint_ = tcp::endpoint(asio::ip::make_address(address.host), address.port);
  return BindAgain();
}

error_code TcpPort::BindAgain() {
  Close();
  acceptance_ = std::make_shared<Acceptance>(executor_, on_socket_);
  tcp::acceptor& acceptor = acceptance_->acceptor;
  error_code error;
  acceptor.open(endpoint_.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint_, error);
  if (!error) endpoint_ = acceptor.local_endpoint(error);
  return error;
}

error_code TcpPort::Listen() {
  error_code error = asio::error::bad_descriptor;
  if (acceptance_) acceptance_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) Accept(acceptance_);
  return error;
}

void TcpPort::Close() {
  if (!acceptance_) return;
  error_code ignored;
  acceptance_->acceptor.close(ignored);
  acceptance_->retry.cancel();
  acceptance_.reset();
}

std::string TcpPort::HostAndPort() const {
  std::string host = endpoint_.address().to_string();
  if (endpoint_.address().is_v6()) host = "[" + host + "]";
  return fmt::format("{}:{}", host, endpoint_.port());
}

void TcpPort::Accept(const std::shared_ptr<Acceptance>& acceptance) {
  acceptance->acceptor.async_accept([acceptance](const error_code& error, tcp::socket socket) {
    if (!acceptance->acceptor.is_open()) return;
    if (!error) {
      acceptance->on_socket(std::move(socket));
      return Accept(acceptance);
    }
    // Out of file descriptors, most likely: those that end soon make room.
    acceptance->retry.expires_after(std::chrono::milliseconds(50));
    acceptance->retry.async_wait([acceptance](const error_code&) {
      if (acceptance->acceptor.is_open()) Accept(acceptance);
    });
  });
}

}  // namespace mock_provider
