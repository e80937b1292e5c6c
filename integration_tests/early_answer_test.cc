// A provider that refuses a large request before it has read it, then reads no more and keeps the connection:
// its answer is passed on at once, not waited behind bytes that nobody will take.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "integration_tests/gateway_test.h"
#include "integration_tests/loopback_listener.h"

namespace integration_tests {
namespace {

// More than the sockets on the way take of a body that nobody reads.
constexpr std::size_t kBodyBytes = 24 << 20;

// Answers each connection behind its first bytes, and does nothing more with it; or, where there is a `rest`
// of the answer, reads the request to its end first and sends that.
class HastyProvider {
 public:
  explicit HastyProvider(std::string answer, std::string rest = "")
      : answer_(std::move(answer)), rest_(std::move(rest)), thread_([this] { Serve(); }) {}
  ~HastyProvider() {
    listener_.Stop();
    thread_.join();
    for (const int connection : connections_) ::close(connection);
  }
  std::string url() const { return listener_.url() + "/v1"; }
  std::size_t asked() const { return asked_; }

 private:
  void Serve() {
    for (int connection = 0; (connection = listener_.Accept()) >= 0;) {
      connections_.push_back(connection);
      std::array<char, 512> some;
      if (::recv(connection, some.data(), some.size(), 0) <= 0) continue;
      ++asked_;
      (void)::send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      if (!rest_.empty()) SendRest(connection);
    }
  }
  void SendRest(int connection) {
    std::array<char, 65536> some;
    ssize_t got = 0;
    for (std::size_t read = 0;
         read < kBodyBytes - 1024 && (got = ::recv(connection, some.data(), some.size(), 0)) > 0;) {
      read += static_cast<std::size_t>(got);
    }
    (void)::send(connection, rest_.data(), rest_.size(), MSG_NOSIGNAL);
  }

  const LoopbackListener listener_;
  const std::string answer_, rest_;
  std::vector<int> connections_;
  std::atomic<std::size_t> asked_{0};
  std::thread thread_;
};

class EarlyAnswerTest : public GatewayTest {
 protected:
  void StartBefore(const HastyProvider& provider) {
    StartGatewayWith(
        ServerToml() +
        "[retry]\nmax_retries = 1\nbackoff_ms = [1]\ndeadline_ms = 600000\n[[providers]]\nname = "
        "\"hasty\"\nurl = \"" +
        provider.url() + "\"\n");
  }
  Response ChatAtLength(const std::string& members = "") {
    return Chat("gpt-4o", members + ",\"padding\":\"" + std::string(kBodyBytes, 'x') + "\"");
  }
};

std::string Refusal(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

TEST_F(EarlyAnswerTest, AFinalAnswerIsPassedOnWithoutTheRestOfTheRequest) {
  const std::string body =
      R"({"error":{"message":"too long","type":"invalid_request_error","param":null,"code":null}})";
  HastyProvider provider(Refusal("413 Content Too Large", body));
  StartBefore(provider);
  for (const char* stream : {"", ",\"stream\":true"}) {
    const Response response = ChatAtLength(stream);
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(response.body, body);
  }
  EXPECT_EQ(provider.asked(), 2u) << "no retry, and no second request over a half-used connection";
}

TEST_F(EarlyAnswerTest, ARefusalBehindAnInterimResponseIsOneToo) {
  HastyProvider provider("HTTP/1.1 100 Continue\r\n\r\n" + Refusal("413 Content Too Large", "{}"));
  StartBefore(provider);
  EXPECT_EQ(ChatAtLength().status, 413);
}

TEST_F(EarlyAnswerTest, ASuccessThatBeginsEarlyEndsNothing) {
  HastyProvider provider("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "{}");
  StartBefore(provider);
  const Response response = ChatAtLength();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
}

TEST_F(EarlyAnswerTest, ARetryableOneIsRetried) {
  HastyProvider provider(Refusal("503 Service Unavailable", "{}"));
  StartBefore(provider);
  EXPECT_EQ(ChatAtLength().status, 503);
  EXPECT_EQ(provider.asked(), 2u);
  EXPECT_EQ(OnlyRow().retries, "2/hasty");
}

}  // namespace
}  // namespace integration_tests
