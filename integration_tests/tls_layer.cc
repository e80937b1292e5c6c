#include "integration_tests/tls_layer.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <cerrno>
#include <csignal>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

void Trust(SSL_CTX* context, const std::string& ca_pem) {
  BIO* const bio = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
  X509* const ca = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  if (ca != nullptr) X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  X509_free(ca);
}

}  // namespace

void TlsLayer::Free::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void TlsLayer::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsLayer::TlsLayer(int socket, const Options& options)
    : socket_(socket), context_(SSL_CTX_new(TLS_client_method())) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a socket like to a file
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  Trust(context_.get(), options.ca_pem);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  if (options.only_tls_1_2) SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  ssl_.reset(SSL_new(context_.get()));
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), "127.0.0.1");
  if (!options.alpn.empty()) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.alpn.data()),
                        static_cast<unsigned>(options.alpn.size()));
  }
  SSL_set_fd(ssl_.get(), socket);
  int result = 0;
  do {
    ERR_clear_error();
    result = SSL_connect(ssl_.get());
  } while (result != 1 && Await(result));
  established_ = result == 1;
}

TlsLayer::~TlsLayer() { ERR_clear_error(); }

std::string TlsLayer::chosen_protocol() const {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  return std::string(reinterpret_cast<const char*>(name), length);
}

std::string TlsLayer::version() const { return SSL_get_version(ssl_.get()); }

std::string TlsLayer::PeerCertificate() const {
  X509* const certificate = SSL_get1_peer_certificate(ssl_.get());
  BIO* const bio = BIO_new(BIO_s_mem());
  if (certificate != nullptr) PEM_write_bio_X509(bio, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  X509_free(certificate);
  return pem;
}

bool TlsLayer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    if (result != 1 && !Await(result)) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

TlsLayer::Got TlsLayer::Receive(char* bytes, std::size_t size, std::size_t& got) {
  int result = 0;
  do {
    ERR_clear_error();
    errno = 0;
    result = SSL_read_ex(ssl_.get(), bytes, size, &got);
    if (result == 1) return Got::kBytes;
  } while (Await(result));
  if (timed_out_) return Got::kTimedOut;
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return Got::kOrderlyEnd;
  return errno == ECONNRESET ? Got::kReset : Got::kCut;
}

void TlsLayer::SendCloseNotify() { SSL_shutdown(ssl_.get()); }

bool TlsLayer::Await(int result) {
  const int wanted = SSL_get_error(ssl_.get(), result);
  if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return false;
  pollfd waiting{socket_, static_cast<short>(wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
  const auto limit = std::chrono::milliseconds(kPatience).count();
  timed_out_ = ::poll(&waiting, 1, static_cast<int>(limit)) <= 0;
  return !timed_out_;
}

}  // namespace integration_tests
