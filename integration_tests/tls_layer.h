// A test client's TLS over a socket that is connected: any client, good or bad, so it says how the other side
// ended, and it is told when not to end orderly. It shares no code with the gateway.
#ifndef ARBSTR_INTEGRATION_TESTS_TLS_LAYER_H_
#define ARBSTR_INTEGRATION_TESTS_TLS_LAYER_H_

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace integration_tests {

class TlsLayer {
 public:
  struct Options {
    std::string ca_pem;     // the authority that is trusted, and no other
    std::string alpn = "";  // as on the wire: "\x08http/1.1"
    bool only_tls_1_2 = false;
  };
  // Shakes hands, verifying that the certificate is 127.0.0.1's; established() says whether it was accepted.
  // The socket stays the caller's.
  TlsLayer(int socket, const Options& options);
  ~TlsLayer();

  bool established() const { return established_; }
  std::string chosen_protocol() const;
  std::string version() const;
  // The certificate that was shown, PEM.
  std::string PeerCertificate() const;

  [[nodiscard]] bool Send(std::string_view bytes);
  enum class Got { kBytes, kOrderlyEnd, kCut, kReset, kTimedOut };
  Got Receive(char* bytes, std::size_t size, std::size_t& got);
  // Says that no more will be sent.
  void SendCloseNotify();

 private:
  struct Free {
    void operator()(SSL_CTX* context) const;
    void operator()(SSL* ssl) const;
  };

  // Waits until OpenSSL can go on after `result`; false when it cannot.
  bool Await(int result);

  const int socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  bool established_ = false;
  bool timed_out_ = false;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_TLS_LAYER_H_
