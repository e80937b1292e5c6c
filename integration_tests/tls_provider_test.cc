// HTTPS to providers: verified, or no request at all, and no key.
#include <gtest/gtest.h>

#include <fstream>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

class TlsProviderTest : public GatewayTest {
 protected:
  // A provider of that `tls` before a healthy plain one, its authority trusted.
  void StartWithTls(const std::string& tls, const std::string& retry = "fallbacks = 0\n") {
    StartMocks(R"({"providers":[{"name":"alpha","tls":)" + tls + R"(},{"name":"beta"}]})");
    const std::string ca = directory() + "/ca.pem";
    std::ofstream(ca) << mocks().CaPem();
    StartGateway({.retry = "max_retries = 0\n" + retry, .provider = "tls_ca_file = \"" + ca + "\"\n"});
  }
  // The client is told what `why` says, and so is the row.
  void ExpectRefused(const std::string& why) {
    const Response response = Chat();
    EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
    EXPECT_NE(response.body.find(why), std::string::npos) << response.body;
    EXPECT_EQ(Asked("alpha"), 0u) << "no request, and no key, before the certificate is accepted";
    const Row row = OnlyRow();
    EXPECT_EQ(row.error_status, 502);
    EXPECT_NE(row.attempt_log.value_or("").find(why), std::string::npos) << row.attempt_log.value_or("");
  }
};

TEST_F(TlsProviderTest, OneThatIsRefusedIsAFailedAttemptAndTheNextIsAsked) {
  StartWithTls(R"({"certificate":"self_signed"})", "");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(Asked("alpha"), 0u);
}

TEST_F(TlsProviderTest, AVerifiedProviderIsAskedAndItsConnectionKept) {
  StartWithTls("{}");
  HttpClient client = Connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
  }
  EXPECT_TRUE(Stream().body.ends_with("data: [DONE]\n\n"));
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 4u);
  EXPECT_EQ(journal[0].connection, journal[2].connection);
}

TEST_F(TlsProviderTest, ASelfSignedCertificateIsRefused) {
  StartWithTls(R"({"certificate":"self_signed"})");
  ExpectRefused("its certificate is not accepted: self-signed certificate");
}

TEST_F(TlsProviderTest, AnExpiredCertificateIsRefused) {
  StartWithTls(R"({"certificate":"expired"})");
  ExpectRefused("its certificate is not accepted: certificate has expired");
}

TEST_F(TlsProviderTest, ACertificateOfAnotherNameIsRefused) {
  StartWithTls(R"({"certificate":"wrong_name"})");
  ExpectRefused("its certificate is not accepted: it is for another name than 127.0.0.1");
}

TEST_F(TlsProviderTest, AHandshakeThatIsCutIsAFailedAttempt) {
  StartWithTls(R"({"handshake":"close"})");
  ExpectRefused("TLS: the connection was closed during the TLS handshake");
}

TEST_F(TlsProviderTest, AHandshakeThatHangsEndsWithTheConnectTimeout) {
  StartWithTls(R"({"handshake":"hang"})", "fallbacks = 0\nconnect_timeout_ms = 150\n");
  ExpectRefused("not connected within 150 ms: the TLS handshake was not finished");
}

TEST_F(TlsProviderTest, AnAuthorityThatIsNotTrustedVouchesForNobody) {
  StartMocks(R"({"providers":[{"name":"alpha","tls":{}},{"name":"beta"}]})");
  // The system's authorities do not know the mock's.
  StartGateway({.retry = "max_retries = 0\nfallbacks = 0\n"});
  ExpectRefused("its certificate is not accepted: unable to get local issuer certificate");
}

}  // namespace
}  // namespace integration_tests
