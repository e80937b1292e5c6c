#include "proxy/net/server_tls.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "proxy/net/close_notify.h"
#include "proxy/net/testing_identity.h"

namespace arbstr::proxy {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

// The two ends of a connection without a socket.
class ServerTlsTest : public testing::Test {
 protected:
  ~ServerTlsTest() override { ERR_clear_error(); }

  static std::string File(const std::string& name, const std::string& text) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/" + test->name() + "-" + name;
    std::ofstream(path) << text;
    return path;
  }
  ServerTls Good() {
    return MakeServerTls(File("cert.pem", identity_.CertificatePem()), File("key.pem", identity_.KeyPem()));
  }
  // A handshake of `client` with a server of `tls`; whether both came to its end.
  bool Shake(const ServerTls& tls, SSL_CTX* client) {
    server_.reset(SSL_new(tls.context->native_handle()));
    client_.reset(SSL_new(client));
    BIO *ours = nullptr, *theirs = nullptr;
    BIO_new_bio_pair(&ours, 1 << 16, &theirs, 1 << 16);
    SSL_set_bio(server_.get(), ours, ours);
    SSL_set_bio(client_.get(), theirs, theirs);
    for (int round = 0; round < 10; ++round) {
      const int client_done = SSL_connect(client_.get());
      const int server_done = SSL_accept(server_.get());
      if (client_done == 1 && server_done == 1) return true;
    }
    return false;
  }

  const Identity identity_ = MakeIdentity("DNS:a.example");
  const std::unique_ptr<SSL_CTX, FreeSsl> client_context_{SSL_CTX_new(TLS_client_method())};
  std::unique_ptr<SSL, FreeSsl> server_, client_;
};

TEST_F(ServerTlsTest, ACertificateAndItsKeyServe) {
  const ServerTls tls = Good();
  ASSERT_TRUE(tls.context) << tls.mistake;
  ASSERT_TRUE(Shake(tls, client_context_.get()));
  EXPECT_STREQ(SSL_get_version(client_.get()), "TLSv1.3");
  EXPECT_EQ(SSL_get_current_compression(client_.get()), nullptr);
  const std::unique_ptr<X509, FreedByOpenSsl> shown(SSL_get1_peer_certificate(client_.get()));
  EXPECT_EQ(X509_cmp(shown.get(), identity_.certificate.get()), 0);
}

TEST_F(ServerTlsTest, VersionsBefore12AreRefused) {
  const ServerTls tls = Good();
  ASSERT_TRUE(tls.context) << tls.mistake;
  SSL_CTX_set_security_level(client_context_.get(), 0);
  SSL_CTX_set_max_proto_version(client_context_.get(), TLS1_2_VERSION);
  EXPECT_TRUE(Shake(tls, client_context_.get()));
  EXPECT_STREQ(SSL_get_version(client_.get()), "TLSv1.2");
  SSL_CTX_set_min_proto_version(client_context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(client_context_.get(), TLS1_1_VERSION);
  EXPECT_FALSE(Shake(tls, client_context_.get()));
}

TEST_F(ServerTlsTest, ARenegotiationIsRefused) {
  const ServerTls tls = Good();
  ASSERT_TRUE(tls.context) << tls.mistake;
  SSL_CTX_set_max_proto_version(client_context_.get(), TLS1_2_VERSION);
  ASSERT_TRUE(Shake(tls, client_context_.get()));
  ASSERT_EQ(SSL_renegotiate(client_.get()), 1);
  SSL_do_handshake(client_.get());
  char byte;
  SSL_read(server_.get(), &byte, 1);
  EXPECT_NE(SSL_do_handshake(client_.get()), 1);
  EXPECT_EQ(SSL_num_renegotiations(server_.get()), 0);
}

TEST_F(ServerTlsTest, AmongProtocolsThatAClientNamesHttp11IsTaken) {
  const ServerTls tls = Good();
  ASSERT_TRUE(tls.context) << tls.mistake;
  const auto chosen = [&](const std::string& offered) {
    SSL_CTX_set_alpn_protos(client_context_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    if (!Shake(tls, client_context_.get())) return std::string("refused");
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(client_.get(), &name, &length);
    return std::string(reinterpret_cast<const char*>(name), length);
  };
  EXPECT_EQ(chosen("\x02h2\x08http/1.1"), "http/1.1");
  EXPECT_EQ(chosen("\x02h2"), "refused");
}

TEST_F(ServerTlsTest, EachFileThatCannotBeUsedIsNamedAndNotQuoted) {
  const std::string certificate = File("cert.pem", identity_.CertificatePem());
  const std::string key = File("key.pem", identity_.KeyPem());
  const std::string garbage = File("garbage.pem", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n");
  const std::string locked = File("locked.pem", identity_.KeyPem("passphrase"));
  const std::string other = File("other.pem", MakeIdentity("DNS:a.example").KeyPem());
  const struct {
    std::string certificate, key;
    ServerTls::File at;
    std::string says;
  } cases[] = {
      {"/no/such.pem", key, ServerTls::File::kCertificate, "/no/such.pem: the file cannot be read"},
      {certificate, "/no/such.pem", ServerTls::File::kKey, "/no/such.pem: the file cannot be read"},
      {"/", key, ServerTls::File::kCertificate, "/: the file cannot be read"},
      {key, key, ServerTls::File::kCertificate, key + ": is no certificate in PEM"},
      {certificate, certificate, ServerTls::File::kKey, certificate + ": is no private key in PEM"},
      {certificate, garbage, ServerTls::File::kKey, garbage + ": is no private key in PEM"},
      {certificate, locked, ServerTls::File::kKey, "without a passphrase"},
      {certificate, other, ServerTls::File::kKey, other + ": is not the key of the certificate in"},
  };
  for (const auto& wrong : cases) {
    const ServerTls tls = MakeServerTls(wrong.certificate, wrong.key);
    EXPECT_FALSE(tls.context) << wrong.says;
    EXPECT_EQ(tls.at, wrong.at) << tls.mistake;
    EXPECT_NE(tls.mistake.find(wrong.says), std::string::npos) << tls.mistake;
    EXPECT_EQ(tls.mistake.find("c2VjcmV0"), std::string::npos) << tls.mistake;
  }
}

TEST_F(ServerTlsTest, ACloseNotifyEndsWhatThePeerReads) {
  const ServerTls tls = Good();
  ASSERT_TRUE(tls.context) << tls.mistake;
  server_.reset(SSL_new(tls.context->native_handle()));
  EXPECT_EQ(CloseNotify(server_.get()), "") << "before a handshake there is nothing to end";
  ASSERT_TRUE(Shake(tls, client_context_.get()));
  ASSERT_EQ(SSL_write(server_.get(), "last", 4), 4);
  const std::string record = CloseNotify(server_.get());
  ASSERT_FALSE(record.empty());
  char bytes[16];
  EXPECT_EQ(SSL_read(client_.get(), bytes, sizeof bytes), 4);
  int got = SSL_read(client_.get(), bytes, sizeof bytes);
  EXPECT_EQ(SSL_get_error(client_.get(), got), SSL_ERROR_WANT_READ) << "it is the caller's to send";
  BIO_write(SSL_get_wbio(server_.get()), record.data(), static_cast<int>(record.size()));
  got = SSL_read(client_.get(), bytes, sizeof bytes);
  EXPECT_EQ(SSL_get_error(client_.get(), got), SSL_ERROR_ZERO_RETURN);
  ASSERT_EQ(SSL_write(client_.get(), "more", 4), 4);
  EXPECT_EQ(SSL_read(server_.get(), bytes, sizeof bytes), 4) << "reading goes on";
}

}  // namespace
}  // namespace arbstr::proxy
