// Clients that are slow on purpose: to send a head, to send a body, to read an answer. Each is given up after
// the time it has in all, however steadily its bytes come, and what it held is free again.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

// More than all sockets on the way hold for a client that does not read.
constexpr std::size_t kEvents = 64;
constexpr std::size_t kEventBytes = 500'000;

class SlowClientTest : public GatewayTest {
 protected:
  // Sends `piece` again and again, a little at a time, until there is an answer.
  static Response DripUntilAnswered(HttpClient& client, const std::string& begin, const std::string& piece) {
    EXPECT_TRUE(client.Send(begin));
    EXPECT_TRUE(
        WaitUntil([&] { return client.HasInput(std::chrono::milliseconds(0)) || !client.Send(piece); }));
    return client.ReadResponse();
  }
  void ExpectNothingHappened() {
    EXPECT_EQ(Journal().size(), 0u);
    EXPECT_EQ(Chat("short").status, 200);
    EXPECT_EQ(OnlyRow().success, 1);
  }
  // A gateway that serves one connection at a time and gives up a client after 200 ms.
  void StartBefore(const RawProvider& provider) {
    StartGatewayWith(ServerToml("idle_timeout_ms = 200\nmax_connections = 1\n") +
                     "[[providers]]\nname = \"raw\"\nurl = \"" + provider.url() + "\"\n");
  }
  // The only connection that there may be is free again.
  void ExpectConnectionFreed() {
    EXPECT_TRUE(WaitUntil([&] { return Ask(port(), Get("/health")).status == 200; }));
  }
};

TEST_F(SlowClientTest, AHeadThatComesByteByByteIsA408) {
  Start(R"({})", {.server = "header_timeout_ms = 150\n"});
  HttpClient client = Connect();
  const Response response = DripUntilAnswered(client, "GET /health HTTP/1.1\r\nHost: g\r\nX: ", "x");
  EXPECT_TRUE(IsOurError(response, 408, ""));
  EXPECT_EQ(response.Header("connection"), "close");
  ExpectNothingHappened();
}

TEST_F(SlowClientTest, AHeadThatComesFieldByFieldIsA408) {
  Start(R"({})", {.server = "header_timeout_ms = 150\n"});
  HttpClient client = Connect();
  EXPECT_TRUE(
      IsOurError(DripUntilAnswered(client, "GET /health HTTP/1.1\r\nHost: g\r\n", "X: y\r\n"), 408, ""));
  ExpectNothingHappened();
}

TEST_F(SlowClientTest, EmptyLinesBeforeAHeadBuyNoTime) {
  Start(R"({})", {.server = "idle_timeout_ms = 150\n"});
  HttpClient client = Connect();
  // No request has begun, so nobody waits for an answer: it is closed like any idle connection.
  EXPECT_EQ(DripUntilAnswered(client, "\r\n", "\r\n").status, 0);
  ExpectNothingHappened();
}

TEST_F(SlowClientTest, ABodyThatComesByteByByteIsA408) {
  Start(R"({})", {.server = "body_timeout_ms = 150\n"});
  const std::string head =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n";
  HttpClient known = Connect();
  EXPECT_TRUE(IsOurError(DripUntilAnswered(known, head + "Content-Length: 1000000\r\n\r\n{", " "), 408, ""));
  HttpClient chunked = Connect();
  EXPECT_TRUE(IsOurError(
      DripUntilAnswered(chunked, head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"), 408, ""));
  ExpectNothingHappened();
}

TEST_F(SlowClientTest, AStreamThatIsNotReadIsAClientGone) {
  const std::string event =
      R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(kEventBytes, 'x') + "\"}}]}\n\n";
  std::string events;
  for (std::size_t i = 0; i < kEvents; ++i) events += Chunk(event);
  RawProvider provider;
  StartBefore(provider);
  provider.Answer({.pieces = {ChunkedEventStreamHead() + events}});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
  const auto rows = Rows(1);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].success, 0);
  EXPECT_EQ(rows[0].error_status, 499);
  EXPECT_FALSE(rows[0].retries) << "no failure of the provider";
  ExpectConnectionFreed();
  const std::string rest = client.ReadToEnd();
  EXPECT_EQ(rest.find("[DONE]"), std::string::npos);
  EXPECT_FALSE(rest.ends_with("0\r\n\r\n")) << "no clean end";
  // It takes one connection at a time, and would still be sending on this request's.
  provider.Answer({.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}});
  EXPECT_EQ(Chat().body, "{}") << "the provider's connection must be freed";
}

TEST_F(SlowClientTest, AnAnswerThatIsNotReadIsGivenUpAndItsConnectionFreed) {
  const std::string body(kEvents * kEventBytes, 'x');
  RawProvider provider;
  StartBefore(provider);
  provider.Answer(
      {.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body}});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  const auto rows = Rows(1);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].success, 1) << "its outcome was known when the provider's answer was complete";
  ExpectConnectionFreed();
  EXPECT_FALSE(client.ReadResponse().complete);
}

}  // namespace
}  // namespace integration_tests
