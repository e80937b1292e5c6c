// The ways a connection ends, as the other side sees them.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>

namespace mock_provider {

// How much of what a peer sends is read only to be thrown away.
inline constexpr std::size_t kMaxDrained = 1 << 20;

// FIN. What has arrived and was not read is thrown away first, since the kernel would answer it with RST.
void CloseGracefully(boost::asio::ip::tcp::socket& socket);

// RST.
void CloseAbruptly(boost::asio::ip::tcp::socket& socket);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_SOCKET_CLOSE_H_
