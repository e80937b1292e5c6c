// What lies unread on a TLS connection that nobody asked anything.

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "proxy/net/byte_stream.h"
#include "proxy/net/testing_identity.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;

// A connection over TLS and its peer, whose calls block.
class TlsQuietTest : public testing::Test {
 protected:
  using Peer = asio::ssl::stream<tcp::socket>;

  TlsQuietTest() {
    SSL_CTX_use_certificate(server_.native_handle(), identity_.certificate.get());
    SSL_CTX_use_PrivateKey(server_.native_handle(), identity_.key.get());
    tcp::acceptor listener(loop_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    Socket socket(loop_.get_executor());
    socket.connect(listener.local_endpoint());
    peer_.emplace(listener.accept(), server_);
    stream_.emplace(std::move(socket));
    // Session tickets follow the handshake, and nobody reads them.
    std::thread peer([this] { peer_->handshake(asio::ssl::stream_base::server); });
    stream_->StartTls(client_).handshake(asio::ssl::stream_base::client);
    peer.join();
  }

  void Send(const std::string& bytes) { asio::write(*peer_, asio::buffer(bytes)); }
  // What the peer sent may take a moment.
  bool IsNoLongerQuiet() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (stream_->IsQuiet()) {
      if (std::chrono::steady_clock::now() > until) return false;
      pollfd input{stream_->socket().native_handle(), POLLIN, 0};
      ::poll(&input, 1, 1000);
    }
    return true;
  }
  char ReadOne() {
    char byte = 0;
    asio::read(*stream_->tls(), asio::buffer(&byte, 1));
    return byte;
  }

  const Identity identity_ = MakeIdentity("DNS:api.example");
  asio::ssl::context server_{asio::ssl::context::tls_server}, client_{asio::ssl::context::tls_client};
  asio::io_context loop_{1};
  std::optional<Peer> peer_;
  std::optional<ByteStream> stream_;
};

TEST_F(TlsQuietTest, SessionTicketsAreNotWhatAnybodyWouldTakeForAnAnswer) {
  EXPECT_TRUE(stream_->IsQuiet());
  EXPECT_TRUE(stream_->IsQuiet());
}

TEST_F(TlsQuietTest, BytesThatNobodyAskedForAreSeen) {
  Send("HTTP/1.1 408 Request Timeout\r\n\r\n");
  EXPECT_TRUE(IsNoLongerQuiet());
}

TEST_F(TlsQuietTest, AlsoThoseThatTheLayerHasTakenFromTheSocketAlready) {
  Send("a");
  Send("b");
  ASSERT_EQ(ReadOne(), 'a');
  EXPECT_TRUE(IsNoLongerQuiet());
}

TEST_F(TlsQuietTest, AlsoTheRestOfARecord) {
  Send("ab");
  ASSERT_EQ(ReadOne(), 'a');
  EXPECT_FALSE(stream_->IsQuiet());
}

TEST_F(TlsQuietTest, AnEndIsSeen) {
  ErrorCode ignored;
  peer_->next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  EXPECT_TRUE(IsNoLongerQuiet());
}

}  // namespace
}  // namespace arbstr::proxy
