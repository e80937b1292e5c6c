// Certificates made while the mock runs: an authority of its own, and good and bad ones for its providers.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_CERTIFICATE_AUTHORITY_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_CERTIFICATE_AUTHORITY_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// A certificate with its private key, both PEM.
struct ServerIdentity {
  std::string certificate;
  std::string key;
};

class CertificateAuthority {
 public:
  // A new authority: only who has been given its PEM can trust it. Fails only when OpenSSL does.
  static absl::StatusOr<CertificateAuthority> Make();

  CertificateAuthority(CertificateAuthority&&) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&&) noexcept;
  ~CertificateAuthority();

  // What a client has to trust.
  const std::string& pem() const { return pem_; }

  // For localhost, its addresses, `address`, and the further DNS names and addresses; valid except in what
  // `kind` says.
  absl::StatusOr<ServerIdentity> Issue(Tls::Certificate kind, const std::string& address,
                                       const std::vector<std::string>& names = {}) const;

 private:
  struct Keys;
  explicit CertificateAuthority(std::unique_ptr<Keys> keys);

  std::unique_ptr<Keys> keys_;
  std::string pem_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_CERTIFICATE_AUTHORITY_H_
