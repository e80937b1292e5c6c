// An upstream answer cut after every byte N: whatever arrives, the client is never told that a part is the
// whole, a plain request is retried unseen, a stream that has begun is ended honestly, and there is one row.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

// Answers each connection's first request with the first `length` bytes of an answer, then closes it.
class CuttingProvider {
 public:
  explicit CuttingProvider(std::string answer) : answer_(std::move(answer)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length);
    ::listen(listener_, 64);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~CuttingProvider() {
    stopped_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }
  std::size_t asked() const { return asked_; }
  // From the next request on.
  void CutAfter(std::size_t bytes, bool reset) {
    length_ = bytes;
    reset_ = reset;
    asked_ = 0;
  }

 private:
  void Serve() {
    while (!stopped_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      std::string request;
      char bytes[8192];
      // Every request here ends with the last brace of its body, and no other brace is followed by nothing.
      while (request.find("\"Hello there\"}]") == std::string::npos || !request.ends_with("}")) {
        const ssize_t got = ::recv(connection, bytes, sizeof bytes, 0);
        if (got <= 0) break;
        request.append(bytes, static_cast<std::size_t>(got));
      }
      ++asked_;
      const std::size_t length = length_;
      if (length > 0) ::send(connection, answer_.data(), length, MSG_NOSIGNAL);
      if (reset_) {
        const linger at_once{1, 0};
        ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      }
      ::close(connection);
    }
  }

  const std::string answer_;
  const int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> reset_{false};
  std::atomic<std::size_t> length_{0};
  std::atomic<std::size_t> asked_{0};
  std::thread thread_;
};

class TruncationSweepTest : public GatewayTest {
 protected:
  void StartBefore(const CuttingProvider& provider) {
    StartGatewayWith(
        "[server]\nlisten = \"127.0.0.1:0\"\nthreads = 1\n[database]\npath = \"" + database() +
        "\"\n[retry]\nmax_retries = 1\nbackoff_ms = [1]\njitter = 0\n[logging]\nlevel = \"error\"\n"
        "[[providers]]\nname = \"cut\"\nurl = \"http://127.0.0.1:" +
        std::to_string(provider.port()) + "/v1\"\n");
  }
  // Rows in order of the requests.
  void ExpectRows(const std::vector<int>& error_statuses) {
    StopGateway();
    const auto rows = ReadRows(database());
    ASSERT_EQ(rows.size(), error_statuses.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].error_status.value_or(0), error_statuses[i]) << i;
      EXPECT_EQ(rows[i].success, error_statuses[i] == 0) << i;
    }
  }
};

constexpr const char* kAnswer =
    R"({"choices":[{"message":{"content":"ok"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}})";

TEST_F(TruncationSweepTest, APlainAnswerOfKnownLengthIsWholeOrRetried) {
  const std::string body = kAnswer;
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  CuttingProvider provider(answer);
  StartBefore(provider);
  std::vector<int> expected;
  for (const bool reset : {false, true}) {
    for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
      // A reset may overtake the last bytes on their way, so a whole answer is only sure with a FIN.
      if (reset && cut == answer.size()) continue;
      SCOPED_TRACE(cut);
      provider.CutAfter(cut, reset);
      const Response response = Chat();
      if (cut == answer.size()) {
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body, body);
        EXPECT_EQ(provider.asked(), 1u);
      } else {
        EXPECT_EQ(response.status, 502);
        EXPECT_EQ(response.Header("x-arbstr-retries"), "2/cut");
        EXPECT_EQ(provider.asked(), 2u) << "one retry";
      }
      expected.push_back(cut == answer.size() ? 0 : 502);
    }
  }
  ExpectRows(expected);
}

TEST_F(TruncationSweepTest, APlainChunkedAnswerIsWholeOrRetried) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "c\r\n{\"choices\":[\r\n2\r\n]}\r\n0\r\n\r\n";
  CuttingProvider provider(answer);
  StartBefore(provider);
  std::vector<int> expected;
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    SCOPED_TRACE(cut);
    provider.CutAfter(cut, false);
    const Response response = Chat();
    EXPECT_EQ(response.status, cut == answer.size() ? 200 : 502);
    if (response.status == 200) {
      EXPECT_EQ(response.body, "{\"choices\":[]}");
    }
    expected.push_back(cut == answer.size() ? 0 : 502);
  }
  ExpectRows(expected);
}

std::string Chunk(const std::string& data) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + data + "\r\n";
}

TEST_F(TruncationSweepTest, AStreamIsWholeOrSaysThatItIsNot) {
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string first = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße\"}}]}\n\n";
  const std::string finish =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  const std::string done = "data: [DONE]\n\n";
  const std::string answer = head + Chunk(first) + Chunk(finish) + Chunk(done) + "0\r\n\r\n";
  // From here on the finish_reason has been read, and with it the answer is whole.
  const std::size_t whole = (head + Chunk(first)).size() + Chunk(finish).size() - 2;
  CuttingProvider provider(answer);
  StartBefore(provider);
  std::vector<int> expected;
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    SCOPED_TRACE(cut);
    provider.CutAfter(cut, false);
    const Response response = Stream();
    EXPECT_EQ(provider.asked(), 1u) << "no attempt after the first, before and after the client saw a byte";
    if (cut < head.size()) {
      EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
    } else if (cut < whole) {
      EXPECT_EQ(response.status, 200);
      EXPECT_FALSE(response.complete);
      EXPECT_EQ(response.body.find("[DONE]"), std::string::npos);
      const std::size_t error = response.body.rfind("data: {\"error\":");
      ASSERT_NE(error, std::string::npos) << response.body;
      const std::string before = response.body.substr(0, error);
      EXPECT_TRUE(before.empty() || before == first) << "whole events only: " << before;
      EXPECT_TRUE(Json::accept(response.body.substr(error + 6)));
    } else {
      EXPECT_TRUE(response.complete);
      EXPECT_TRUE(response.body.ends_with(done)) << response.body;
    }
    expected.push_back(cut < whole ? 502 : 0);
  }
  ExpectRows(expected);
}

}  // namespace
}  // namespace integration_tests
