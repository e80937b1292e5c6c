// Providers that speak TLS, and how it goes wrong, as a client that verifies sees it.
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"
#include "mock_provider/testing_tls_client.h"

namespace mock_provider {
namespace {

using testing::AskOverTls;
using testing::ChatRequestText;
using testing::TlsExchange;

class TlsSocketTest : public ::testing::Test {
 protected:
  void Start(const std::string& tls, const std::string& more = "") {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a","tls":)" + tls + more + "}]}");
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
  }

  TlsExchange Ask(const std::string& members = "", int patience_ms = 10'000) {
    return AskOverTls(mock_->port("a"), mock_->CaPem(),
                      ChatRequestText("m", members, "Connection: close\r\n"), patience_ms);
  }

  std::unique_ptr<MockProvider> mock_;
};

TEST_F(TlsSocketTest, AValidCertificateIsTrustedByWhoTrustsTheMocksAuthority) {
  Start(R"({"certificate":"valid"})");
  EXPECT_TRUE(mock_->Url("a").starts_with("https://127.0.0.1:"));
  for (const char* members : {"", R"(,"stream":true)"}) {
    const TlsExchange exchange = Ask(members);
    EXPECT_TRUE(exchange.connected);
    EXPECT_EQ(exchange.verify_result, X509_V_OK);
    EXPECT_TRUE(exchange.received.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(exchange.orderly_end);
  }
  const auto journal = mock_->Journal();
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_EQ(journal[0].closed_by, ClosedBy::kServer);
}

TEST_F(TlsSocketTest, NobodyElsesAuthorityVouchesForIt) {
  Start("{}");
  const auto other = MockProvider::StartJson("{}");
  ASSERT_TRUE(other.ok());
  const TlsExchange exchange = AskOverTls(mock_->port("a"), (*other)->CaPem(), ChatRequestText("m"));
  EXPECT_FALSE(exchange.connected);
  EXPECT_NE(exchange.verify_result, X509_V_OK);
}

TEST_F(TlsSocketTest, ASelfSignedCertificateIsRefusedAsSuch) {
  Start(R"({"certificate":"self_signed"})");
  const TlsExchange exchange = Ask();
  EXPECT_FALSE(exchange.connected);
  EXPECT_EQ(exchange.verify_result, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
}

TEST_F(TlsSocketTest, AnExpiredCertificateIsRefusedAsSuch) {
  Start(R"({"certificate":"expired"})");
  const TlsExchange exchange = Ask();
  EXPECT_FALSE(exchange.connected);
  EXPECT_EQ(exchange.verify_result, X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(TlsSocketTest, ACertificateForAnotherNameIsRefusedAsSuch) {
  Start(R"({"certificate":"wrong_name"})");
  const TlsExchange exchange = Ask();
  EXPECT_FALSE(exchange.connected);
  EXPECT_EQ(exchange.verify_result, X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(mock_->JournalTotal(), 0u);
}

TEST_F(TlsSocketTest, ACertificateIsForTheNamesOfTheScenarioToo) {
  Start(R"({"names":["mock-provider","192.0.2.7"]})");
  for (const char* name : {"mock-provider", "192.0.2.7", "localhost", "127.0.0.1"}) {
    const TlsExchange exchange = AskOverTls(mock_->port("a"), mock_->CaPem(),
                                            ChatRequestText("m", "", "Connection: close\r\n"), 10'000, name);
    EXPECT_EQ(exchange.verify_result, X509_V_OK) << name;
  }
}

TEST_F(TlsSocketTest, AHandshakeThatHangsSaysNothingUntilTheClientHasHadEnough) {
  Start(R"({"handshake":"hang"})");
  const TlsExchange exchange = Ask("", 100);
  EXPECT_FALSE(exchange.connected);
  EXPECT_TRUE(exchange.timed_out);
}

TEST_F(TlsSocketTest, AHandshakeThatClosesDoesSoAtOnce) {
  Start(R"({"handshake":"close"})");
  const TlsExchange exchange = Ask();
  EXPECT_FALSE(exchange.connected);
  EXPECT_FALSE(exchange.timed_out);
  EXPECT_EQ(exchange.verify_result, -1);
}

TEST_F(TlsSocketTest, AClientThatSpeaksPlainHttpGetsNoAnswerInIt) {
  Start("{}");
  EXPECT_EQ(testing::Ask(mock_->port("a"), "m").bytes.find("HTTP/1.1 200"), std::string::npos);
  EXPECT_TRUE(Ask().connected);
}

TEST_F(TlsSocketTest, AClientThatLeavesDuringAHangIsNoticedUnderTlsToo) {
  Start("{}", R"(,"rules":[{"script":[{"hang":{"at":"after_headers"}}]}])");
  const TlsExchange exchange = Ask("", 100);
  EXPECT_TRUE(exchange.connected);
  EXPECT_TRUE(exchange.received.ends_with("\r\n\r\n"));
  EXPECT_TRUE(mock_->WaitForJournal(std::chrono::seconds(10), [](const auto& entries) {
    return entries.size() == 1 && entries[0].closed_by == ClosedBy::kClient;
  }));
}

TEST_F(TlsSocketTest, AScenarioMayChangeTheCertificateOnThePortThatStays) {
  Start("{}");
  const std::uint16_t port = mock_->port("a");
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"a","tls":{"certificate":"expired"}}]})").ok());
  EXPECT_EQ(mock_->port("a"), port);
  EXPECT_EQ(Ask().verify_result, X509_V_ERR_CERT_HAS_EXPIRED);
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"a"}]})").ok());
  EXPECT_TRUE(testing::Ask(port, "m").bytes.starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace mock_provider
