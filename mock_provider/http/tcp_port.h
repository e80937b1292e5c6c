// A TCP port of ours: bound, it refuses connections; listening, it accepts them.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_TCP_PORT_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_TCP_PORT_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <string>

#include "mock_provider/http/listen_address.h"

namespace mock_provider {

class TcpPort {
 public:
  using OnSocket = std::function<void(boost::asio::ip::tcp::socket)>;

  // `on_socket` gets each connection, on the executor; none after Close, nor after the port's end.
  TcpPort(boost::asio::any_io_executor executor, OnSocket on_socket);
  ~TcpPort();
  TcpPort(const TcpPort&) = delete;
  TcpPort& operator=(const TcpPort&) = delete;

  // Takes the port; closes first what was open.
  boost::system::error_code Bind(const ListenAddress& address);
  // Takes the same port again after a Close.
  boost::system::error_code BindAgain();
  boost::system::error_code Listen();
  void Close();

  // As bound last, with the port that was free where 0 was asked for.
  const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }
  // "127.0.0.1:9101", "[::1]:80"
  std::string HostAndPort() const;

 private:
  struct Acceptance;
  static void Accept(const std::shared_ptr<Acceptance>& acceptance);

  const boost::asio::any_io_executor executor_;
  const OnSocket on_socket_;
  boost::asio::ip::tcp::endpoint endpoint_;
  std::shared_ptr<Acceptance> acceptance_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_TCP_PORT_H_
