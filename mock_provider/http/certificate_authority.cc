#include "mock_provider/http/certificate_authority.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "mock_provider/http/server_name.h"

namespace mock_provider {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr long kDay = 24 * 3600;

struct Description {
  const char* name;
  long begin;  // seconds from now, as is `end`
  long end;
  std::vector<std::pair<int, std::string>> extensions;
};

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : "";
}

std::string Pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  return bio && PEM_write_bio_X509(bio.get(), certificate) == 1 ? Text(bio.get()) : "";
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const bool written =
      bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? Text(bio.get()) : "";
}

bool AddName(X509_NAME* name, const char* text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text),
                                    -1, -1, 0) == 1;
}

// Signed by the issuer's key; by its own where there is no issuer. Null when OpenSSL fails.
Certificate Sign(const Description& described, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate certificate(X509_new());
  std::uint64_t serial = 0;
  if (!certificate || !key || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1)
    return nullptr;
  X509* x509 = certificate.get();
  if (!issuer) issuer = x509;
  bool good = X509_set_version(x509, 2) == 1 &&
              ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(x509), described.begin) &&
              X509_gmtime_adj(X509_getm_notAfter(x509), described.end) && X509_set_pubkey(x509, key) == 1 &&
              AddName(X509_get_subject_name(x509), described.name) &&
              X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1;
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  for (const auto& [id, value] : described.extensions) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
    good = good && extension && X509_add_ext(x509, extension.get(), -1) == 1;
  }
  good = good && X509_sign(x509, issuer_key, EVP_sha256()) != 0;
  return good ? std::move(certificate) : nullptr;
}

Description Describe(Tls::Certificate kind, const std::string& address,
                     const std::vector<std::string>& further) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  if (!address.empty()) names += ",IP:" + address;
  for (const std::string& name : further) names += (IsIpAddress(name) ? ",IP:" : ",DNS:") + name;
  Description described{.name = "mock provider", .begin = -kDay, .end = 365 * kDay, .extensions = {}};
  if (kind == Tls::Certificate::kWrongName) names = "DNS:wrong-name.invalid";
  if (kind == Tls::Certificate::kExpired) {
    described.begin = -3 * kDay;
    described.end = -2 * kDay;
  }
  described.extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                          {NID_key_usage, "critical,digitalSignature"},
                          {NID_ext_key_usage, "serverAuth"},
                          {NID_subject_alt_name, names}};
  return described;
}

absl::Status Failed() { return absl::InternalError("OpenSSL could not make a certificate"); }

}  // namespace

struct CertificateAuthority::Keys {
  PrivateKey key;
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Keys> keys)
    : keys_(std::move(keys)), pem_(Pem(keys_->certificate.get())) {}
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;
CertificateAuthority::~CertificateAuthority() = default;

absl::StatusOr<CertificateAuthority> CertificateAuthority::Make() {
  auto keys = std::make_unique<Keys>();
  keys->key.reset(EVP_EC_gen("P-256"));
  const Description described{.name = "mock provider CA",
                              .begin = -kDay,
                              .end = 3650 * kDay,
                              .extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                                             {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                             {NID_subject_key_identifier, "hash"}}};
  keys->certificate = Sign(described, keys->key.get(), nullptr, keys->key.get());
  if (!keys->certificate) return Failed();
  return CertificateAuthority(std::move(keys));
}

absl::StatusOr<ServerIdentity> CertificateAuthority::Issue(Tls::Certificate kind, const std::string& address,
                                                           const std::vector<std::string>& names) const {
  const PrivateKey key(EVP_EC_gen("P-256"));
  const bool own = kind == Tls::Certificate::kSelfSigned;
  const Certificate certificate =
      Sign(Describe(kind, address, names), key.get(), own ? nullptr : keys_->certificate.get(),
           own ? key.get() : keys_->key.get());
  if (!certificate) return Failed();
  return ServerIdentity{.certificate = Pem(certificate.get()), .key = Pem(key.get())};
}

}  // namespace mock_provider
