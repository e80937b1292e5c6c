// A TLS client that verifies what it is shown, for tests that look at why it would not.
#ifndef ARBSTR_MOCK_PROVIDER_TESTING_TLS_CLIENT_H_
#define ARBSTR_MOCK_PROVIDER_TESTING_TLS_CLIENT_H_

#include <cstdint>
#include <string>

namespace mock_provider::testing {

struct TlsExchange {
  bool connected = false;    // the handshake was completed
  long verify_result = -1;   // OpenSSL's X509_V_…, of the certificate that was shown; -1: none was
  bool timed_out = false;    // the server was silent longer than the caller's patience
  std::string received;      // all that came until the end of the stream
  bool orderly_end = false;  // the server said that its stream ends here
};

// Connects to 127.0.0.1, trusts that authority alone, wants a certificate for that name or address, sends the
// bytes, and reads to the end.
TlsExchange AskOverTls(std::uint16_t port, const std::string& ca_pem, const std::string& bytes,
                       int patience_ms = 10'000, const std::string& name = "127.0.0.1");

}  // namespace mock_provider::testing

#endif  // ARBSTR_MOCK_PROVIDER_TESTING_TLS_CLIENT_H_
