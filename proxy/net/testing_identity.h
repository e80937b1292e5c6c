// Certificates made on the spot, for tests.
#ifndef ARBSTR_PROXY_NET_TESTING_IDENTITY_H_
#define ARBSTR_PROXY_NET_TESTING_IDENTITY_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace arbstr::proxy {

struct FreedByOpenSsl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

struct Identity {
  std::unique_ptr<EVP_PKEY, FreedByOpenSsl> key;
  std::unique_ptr<X509, FreedByOpenSsl> certificate;

  std::string CertificatePem() const;
  // Encrypted where there is a passphrase.
  std::string KeyPem(std::string passphrase = "") const;
};

// Signed by itself, for `names`, as in "DNS:a.example,IP:127.0.0.1"; valid until `seconds` from now. Null
// members where OpenSSL fails.
Identity MakeIdentity(const std::string& names, long seconds = 3600);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_TESTING_IDENTITY_H_
