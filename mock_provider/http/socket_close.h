// The ways a connection ends, as the other side sees them.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_

#include <boost/asio/ip/tcp.hpp>

namespace mock_provider {

// FIN. What has arrived and was not read is thrown away first, since the kernel would answer it with RST.
void CloseGracefully(boost::asio::ip::tcp::socket& socket);

// RST.
void CloseAbruptly(boost::asio::ip::tcp::socket& socket);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_
