// A client that sends the bytes it is given and reads answers as RFC 9112 frames them: what a test needs to
// be any client, good or bad. It shares no code with the gateway.
#ifndef ARBSTR_INTEGRATION_TESTS_HTTP_CLIENT_H_
#define ARBSTR_INTEGRATION_TESTS_HTTP_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration_tests/tls_layer.h"

namespace integration_tests {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 0;         // 0: no whole head came
  Fields headers{};       // lower-case names, in order
  std::string body{};     // decoded
  bool complete = false;  // the message ended as its framing says

  // The first of that (lower-case) name; empty where there is none.
  std::string Header(std::string_view name) const;
  bool Has(std::string_view name) const;
};

// How a connection ended, seen from here. kCut: over TLS, closed without a word that this was its end.
enum class Ending { kOpen, kClosed, kCut, kReset, kTimedOut };

// One connection; every wait is bounded by kPatience.
class HttpClient {
 public:
  // kNo: the connection need not be there yet.
  enum class Wait { kNo, kYes };
  explicit HttpClient(std::uint16_t port, Wait wait = Wait::kYes);
  // Over TLS; connected() only where the certificate was accepted.
  HttpClient(std::uint16_t port, const TlsLayer::Options& tls);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  bool connected() const { return socket_ >= 0; }
  // False: the connection is gone or does not take the bytes.
  [[nodiscard]] bool Send(std::string_view bytes);
  // The next final response; interim ones (1xx) are skipped.
  Response ReadResponse(bool head_only = false);
  // Whether something, or the end, has come that has not been read yet; waits for it so long at most.
  bool HasInput(std::chrono::milliseconds limit);
  // What comes until `text` has (included), or the connection has ended.
  std::string ReadUntil(std::string_view text);
  // Everything until the other side ends the connection.
  std::string ReadToEnd();
  Ending ending() const { return ending_; }

  // Null for a plain connection.
  TlsLayer* tls() { return tls_.get(); }

  void ShutdownSend();
  void Close();  // FIN, and over TLS nothing before it
  void Reset();  // RST

 private:
  bool ReadMore();
  bool ReadMoreOverTls();
  std::string TakeChunked(bool& complete);

  int socket_ = -1;
  std::unique_ptr<TlsLayer> tls_;
  Ending ending_ = Ending::kOpen;
  std::string input_;
};

// "POST /v1/chat/completions …" with that body and those further fields.
std::string ChatRequest(std::string_view body, const Fields& fields = {});
std::string Get(std::string_view target, const Fields& fields = {});

// One request on a connection of its own.
Response Ask(std::uint16_t port, std::string_view request);

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_HTTP_CLIENT_H_
