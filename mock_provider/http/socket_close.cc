#include "mock_provider/http/socket_close.h"

#include <array>
#include <boost/asio/buffer.hpp>

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

}  // namespace

void CloseGracefully(asio::ip::tcp::socket& socket) {
  if (!socket.is_open()) return;
  error_code error;
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  std::array<char, 4096> unread;
  for (std::size_t drained = 0; drained < kMaxDrained;) {
    const std::size_t bytes = socket.read_some(asio::buffer(unread), error);
    if (error || bytes == 0) break;
    drained += bytes;
  }
  socket.close(error);
}

void CloseAbruptly(asio::ip::tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace mock_provider
