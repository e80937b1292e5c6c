#include "mock_provider/testing_tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

namespace mock_provider::testing {
namespace {

int Connect(std::uint16_t port, int patience_ms) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = patience_ms / 1000, .tv_usec = patience_ms % 1000 * 1000};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

void Trust(SSL_CTX* context, const std::string& ca_pem) {
  BIO* bio = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
  X509* ca = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  if (ca) X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  X509_free(ca);
}

void Exchange(SSL* ssl, const std::string& bytes, TlsExchange& exchange) {
  exchange.connected = SSL_connect(ssl) == 1;
  exchange.timed_out = !exchange.connected && (errno == EAGAIN || errno == EWOULDBLOCK);
  // X509_V_OK too while nothing has been verified, so that only a completed handshake or a refusal counts.
  if (const long result = SSL_get_verify_result(ssl); exchange.connected || result != X509_V_OK)
    exchange.verify_result = result;
  if (!exchange.connected || SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) <= 0) return;
  char buffer[4096];
  int read = 0;
  while ((read = SSL_read(ssl, buffer, sizeof buffer)) > 0) {
    exchange.received.append(buffer, static_cast<std::size_t>(read));
  }
  exchange.orderly_end = SSL_get_error(ssl, read) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace

TlsExchange AskOverTls(std::uint16_t port, const std::string& ca_pem, const std::string& bytes,
                       int patience_ms, const std::string& name) {
  TlsExchange exchange;
  const int socket = Connect(port, patience_ms);
  if (socket < 0) return exchange;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  Trust(context, ca_pem);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL* ssl = SSL_new(context);
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), name.c_str(), 0);
  SSL_set_fd(ssl, socket);
  errno = 0;
  Exchange(ssl, bytes, exchange);
  SSL_free(ssl);
  SSL_CTX_free(context);
  ERR_clear_error();
  ::close(socket);
  return exchange;
}

}  // namespace mock_provider::testing
