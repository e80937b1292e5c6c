#include "mock_provider/http/certificate_authority.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace mock_provider {
namespace {

// What OpenSSL makes of the certificate when it trusts the authority and wants that name or address.
int Verify(const CertificateAuthority& authority, const std::string& certificate, const char* name,
           const char* address) {
  const auto read = [](const std::string& pem) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* x509 = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    return x509;
  };
  X509 *ca = read(authority.pem()), *leaf = read(certificate);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, ca);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf, nullptr);
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(context);
  if (name) X509_VERIFY_PARAM_set1_host(wanted, name, 0);
  if (address) X509_VERIFY_PARAM_set1_ip_asc(wanted, address);
  X509_verify_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(leaf);
  X509_free(ca);
  return error;
}

class CertificateAuthorityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = CertificateAuthority::Make();
    ASSERT_TRUE(made.ok()) << made.status();
    authority_ = std::make_unique<CertificateAuthority>(*std::move(made));
  }

  std::string Issue(Tls::Certificate kind, const std::string& address = "",
                    const std::vector<std::string>& names = {}) {
    const auto identity = authority_->Issue(kind, address, names);
    EXPECT_TRUE(identity.ok()) << identity.status();
    return identity.ok() ? identity->certificate : "";
  }

  std::unique_ptr<CertificateAuthority> authority_;
};

TEST_F(CertificateAuthorityTest, AValidOneIsTrustedForLocalhostAndTheNamesAsked) {
  const std::string valid = Issue(Tls::Certificate::kValid, "192.0.2.7", {"mock_provider", "2001:db8::7"});
  EXPECT_EQ(Verify(*authority_, valid, "localhost", nullptr), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, nullptr, "127.0.0.1"), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, nullptr, "::1"), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, nullptr, "192.0.2.7"), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, nullptr, "2001:db8::7"), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, "mock_provider", nullptr), X509_V_OK);
  EXPECT_EQ(Verify(*authority_, valid, "example.com", nullptr), X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_F(CertificateAuthorityTest, EachOtherKindFailsForItsOwnReason) {
  EXPECT_EQ(Verify(*authority_, Issue(Tls::Certificate::kSelfSigned), "localhost", nullptr),
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  EXPECT_EQ(Verify(*authority_, Issue(Tls::Certificate::kExpired), "localhost", nullptr),
            X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(Verify(*authority_, Issue(Tls::Certificate::kWrongName), "localhost", nullptr),
            X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(Verify(*authority_, Issue(Tls::Certificate::kWrongName), "wrong-name.invalid", nullptr),
            X509_V_OK);
}

TEST_F(CertificateAuthorityTest, AnotherAuthorityDoesNotVouchForIt) {
  const auto other = CertificateAuthority::Make();
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(Verify(*other, Issue(Tls::Certificate::kValid), "localhost", nullptr),
            X509_V_ERR_CERT_SIGNATURE_FAILURE);
}

}  // namespace
}  // namespace mock_provider
