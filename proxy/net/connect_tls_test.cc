// TLS connects to a server on loopback whose certificate is made for the test.

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string>

#include "proxy/net/connect.h"
#include "proxy/net/testing_identity.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;
constexpr std::chrono::seconds kPatience{30};

class ConnectTlsTest : public testing::Test {
 protected:
  using ServerStream = asio::ssl::stream<tcp::socket>;

  static Task<> Run(const ConnectTarget& target, Resolver& resolver, DeadlineWheel& wheel,
                    Interrupt& interrupt, std::optional<ConnectResult>& result) {
    ConnectResult got = co_await Connect(target, resolver, wheel, kPatience, interrupt);
    result = std::move(got);
  }

  // Connects to `host`, where a server has `identity`; the client trusts `trusted` alone.
  ConnectResult ConnectTo(const std::string& host, const Identity& identity, const Identity& trusted) {
    asio::io_context loop{1};
    DeadlineWheel wheel(loop.get_executor());
    Resolver resolver([](const std::string&) {
      return Resolver::Answer{{}, {asio::ip::make_address("127.0.0.1")}};
    });
    tcp::acceptor listener(loop, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    asio::ssl::context server(asio::ssl::context::tls_server);
    EXPECT_EQ(SSL_CTX_use_certificate(server.native_handle(), identity.certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(server.native_handle(), identity.key.get()), 1);
    std::unique_ptr<ServerStream> peer;
    listener.async_accept([&](const ErrorCode& error, tcp::socket socket) {
      ASSERT_FALSE(error);
      peer = std::make_unique<ServerStream>(std::move(socket), server);
      peer->async_handshake(asio::ssl::stream_base::server, [&](const ErrorCode&) {
        const char* name = SSL_get_servername(peer->native_handle(), TLSEXT_NAMETYPE_host_name);
        server_name_ = name == nullptr ? "" : name;
      });
    });
    auto client = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(client->native_handle()), trusted.certificate.get());
    const ConnectTarget target{host, listener.local_endpoint().port(), client};
    Interrupt interrupt;
    std::optional<ConnectResult> result;
    Spawn(loop.get_executor(), Run(target, resolver, wheel, interrupt, result), interrupt.slot());
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!result && std::chrono::steady_clock::now() < until)
      loop.run_one_for(std::chrono::milliseconds(50));
    loop.poll();
    EXPECT_TRUE(result) << "no result in time";
    ConnectResult outcome = result ? std::move(*result) : ConnectResult();
    connected_ = outcome.stream != nullptr;
    outcome.stream.reset();  // before its loop
    return outcome;
  }

  bool connected_ = false;
  std::string server_name_;
};

TEST_F(ConnectTlsTest, ACertificateOfTheNameThatIsTrustedIsAccepted) {
  const Identity identity = MakeIdentity("DNS:api.example,DNS:*.wild.example");
  EXPECT_EQ(ConnectTo("api.example", identity, identity).message, "");
  EXPECT_TRUE(connected_);
  EXPECT_EQ(server_name_, "api.example");
  ConnectTo("a.wild.example", identity, identity);
  EXPECT_TRUE(connected_);
}

TEST_F(ConnectTlsTest, AnAddressNeedsAnAddressInTheCertificate) {
  const Identity with = MakeIdentity("IP:127.0.0.1"), without = MakeIdentity("DNS:127.0.0.1,DNS:localhost");
  EXPECT_EQ(ConnectTo("127.0.0.1", with, with).message, "");
  EXPECT_TRUE(connected_);
  EXPECT_EQ(server_name_, "");  // an address is no server name (RFC 6066 §3)
  EXPECT_EQ(ConnectTo("127.0.0.1", without, without).failure, ConnectFailure::kTls);
  EXPECT_FALSE(connected_);
}

TEST_F(ConnectTlsTest, ACertificateOfAnotherNameIsRefused) {
  const Identity identity = MakeIdentity("DNS:other.example,DNS:*.wild.example");
  for (const char* host : {"api.example", "example", "wild.example", "a.b.wild.example", "xother.example"}) {
    const ConnectResult result = ConnectTo(host, identity, identity);
    EXPECT_EQ(result.failure, ConnectFailure::kTls) << host;
    EXPECT_NE(result.message.find(std::string("it is for another name than ") + host), std::string::npos)
        << result.message;
    EXPECT_FALSE(connected_) << host;
  }
}

TEST_F(ConnectTlsTest, ACertificateThatNobodyVouchesForIsRefused) {
  const ConnectResult result =
      ConnectTo("api.example", MakeIdentity("DNS:api.example"), MakeIdentity("DNS:api.example"));
  EXPECT_EQ(result.failure, ConnectFailure::kTls);
  EXPECT_NE(result.message.find("its certificate is not accepted"), std::string::npos) << result.message;
}

TEST_F(ConnectTlsTest, AnExpiredCertificateIsRefused) {
  const Identity identity = MakeIdentity("DNS:api.example", -3600);
  const ConnectResult result = ConnectTo("api.example", identity, identity);
  EXPECT_EQ(result.failure, ConnectFailure::kTls);
  EXPECT_NE(result.message.find("expired"), std::string::npos) << result.message;
}

}  // namespace
}  // namespace arbstr::proxy
