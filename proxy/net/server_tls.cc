#include "proxy/net/server_tls.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace arbstr::proxy {
namespace {

using asio::ssl::context;

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.peek();  // a folder can be opened, and fails here
  std::ostringstream text;
  if (file) text << file.rdbuf();
  return file ? std::optional(std::move(text).str()) : std::nullopt;
}

ServerTls Mistake(ServerTls::File at, const std::string& file, const std::string& what) {
  return {nullptr, at, fmt::format("{}: {}", file, what)};
}

std::string Unreadable() { return fmt::format("the file cannot be read: {}", std::strerror(errno)); }

// Nobody is asked at a terminal for the passphrase of a key.
int NoPassphrase(char*, int, int, void*) { return -1; }

// A client that names protocols and HTTP/1.1 not among them is refused (RFC 7301 §3.2).
int SelectHttp11(SSL*, const unsigned char** selected, unsigned char* length, const unsigned char* offered,
                 unsigned int offered_length, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, length, kHttp11, sizeof kHttp11, offered, offered_length);
  *selected = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void SetTerms(SSL_CTX* tls) {
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(tls, "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2: those of 1.3 are all good
  SSL_CTX_set_options(tls, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(tls, SelectHttp11, nullptr);
  // Sessions are resumed by tickets, which clients keep; a table of them would only grow.
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(tls, 1);
  // An idle connection gives back 34 KiB.
  SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

ServerTls MakeServerTls(const std::string& certificate_file, const std::string& key_file) {
  const auto certificate = ReadFile(certificate_file);
  if (!certificate) return Mistake(ServerTls::File::kCertificate, certificate_file, Unreadable());
  auto key = ReadFile(key_file);
  if (!key) return Mistake(ServerTls::File::kKey, key_file, Unreadable());

  auto made = std::make_shared<context>(context::tls_server);
  SSL_CTX* const tls = made->native_handle();
  SSL_CTX_set_default_passwd_cb(tls, NoPassphrase);
  ErrorCode certificate_error, key_error;
  made->use_certificate_chain(asio::buffer(*certificate), certificate_error);
  if (!certificate_error) made->use_private_key(asio::buffer(*key), context::pem, key_error);
  OPENSSL_cleanse(key->data(), key->size());
  if (certificate_error) {
    return Mistake(ServerTls::File::kCertificate, certificate_file,
                   fmt::format("is no certificate in PEM: {}", certificate_error.message()));
  }
  if (ERR_GET_REASON(static_cast<unsigned long>(key_error.value())) == X509_R_KEY_VALUES_MISMATCH) {
    return Mistake(ServerTls::File::kKey, key_file,
                   fmt::format("is not the key of the certificate in {}", certificate_file));
  }
  if (key_error) {
    return Mistake(ServerTls::File::kKey, key_file,
                   fmt::format("is no private key in PEM that can be used without a passphrase: {}",
                               key_error.message()));
  }
  SetTerms(tls);
  return {std::move(made), ServerTls::File::kCertificate, ""};
}

bool IsPlainHttp(const ErrorCode& handshake_error) {
  return handshake_error.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(handshake_error.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace arbstr::proxy
