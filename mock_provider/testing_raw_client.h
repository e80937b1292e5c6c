// A client without any HTTP of its own, for tests that look at the bytes and at how the connection ended.
#ifndef ARBSTR_MOCK_PROVIDER_TESTING_RAW_CLIENT_H_
#define ARBSTR_MOCK_PROVIDER_TESTING_RAW_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace mock_provider::testing {

enum class Ending {
  kOpen,  // it was still open when the reader had what it wanted
  kFin,
  kReset,
  kTimeout,
};

struct Received {
  std::string bytes;
  Ending ending = Ending::kTimeout;
  // The bytes as the reads found them, with the time of each.
  struct Read {
    std::string bytes;
    std::chrono::steady_clock::time_point at;
  };
  std::vector<Read> reads;

  std::string Head() const { return bytes.substr(0, bytes.find("\r\n\r\n")); }
  std::string Body() const;  // raw, chunk sizes included; empty without a whole head
};

// The body of a chunked answer, as far as its chunks are whole.
std::string Unchunked(const std::string& body);

class RawClient {
 public:
  // Connects to 127.0.0.1; Connected() says whether that worked.
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool Connected() const { return connected_; }
  void Send(const std::string& bytes);
  // Reads until the text has come, or the connection has ended; 10 s at most.
  Received ReadUntil(const std::string& text);
  Received ReadToEnd() { return ReadUntil(""); }
  // FIN and no more reading.
  void Close();

 private:
  int socket_ = -1;
  bool connected_ = false;
};

// A chat request for that model, with further members of its body (",\"stream\":true") and headers ("a:
// b\r\n").
std::string ChatRequestText(const std::string& model, const std::string& members = "",
                            const std::string& headers = "");

// One answer to one request on a connection of its own that the client asks to close.
Received Ask(std::uint16_t port, const std::string& model, const std::string& members = "");

// An HTTP request to the admin API and the body of its answer; `status` gets the answer's.
std::string AskAdmin(std::uint16_t port, const std::string& method, const std::string& target,
                     const std::string& body = "", int* status = nullptr);

}  // namespace mock_provider::testing

#endif  // ARBSTR_MOCK_PROVIDER_TESTING_RAW_CLIENT_H_
