#include "proxy/server/session.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>

#include "proxy/chat/read_chat_request.h"
#include "proxy/server/testing_session.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;

class ThrowingConnector final : public Connector {
 public:
  Task<ConnectResult> Connect(const ConnectTarget&, std::chrono::milliseconds, Interrupt&) override {
    throw std::runtime_error("of the test");
    co_return ConnectResult();
  }
};

class SessionTest : public TestingSession {
 protected:
  void SetUp() override { Start(config_, std::make_unique<ThrowingConnector>()); }

  const Config config_ = TestingConfig();
};

TEST_F(SessionTest, WhoSendsManyRequestsAtOnceTakesTurnsWithOthers) {
  const std::string request = "GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += request;
  tcp::socket greedy = Connect(), other = Connect();
  worker().loop.poll();  // both are waited for
  asio::write(greedy, asio::buffer(many));
  asio::write(other, asio::buffer(request));
  ASSERT_TRUE(RunUntil([&] { return other.available() > 0; }));
  EXPECT_LT(greedy.available(), 50 * other.available());
}

// Its last member is half a surrogate pair, with which it is read in another way.
std::string RequestOfUnknownPolicy(const std::string& path, size_t size) {
  const std::string body =
      R"({"model":"gpt-4o","messages":[1],"x":")" + std::string(size, 'x') + R"(\ud83d"})";
  std::string request = TestingChatRequest(body, path);
  request.insert(request.find("content-length"), "x-arbstr-policy: unknown\r\n");
  return request;
}

std::string StatusLine(tcp::socket& client) {
  std::string read(client.available(), '\0');
  asio::read(client, asio::buffer(read));
  return read.substr(0, read.find('\r'));
}

// 33 MB of the dearest JSON would take a quarter of a second of everybody else's loop.
TEST_F(SessionTest, NobodyWaitsForALargeBodyToBeRead) {
  for (const std::string path : {"/v1/chat/completions", "/v1/cost"}) {
    std::latch others_were_served(1);
    asio::post(gateway().body_reader, [&] { others_were_served.wait(); });
    tcp::socket first = Connect(), other = Connect();
    const std::string large = RequestOfUnknownPolicy(path, kLargeBody);
    bool sent = false;
    asio::async_write(first, asio::buffer(large), [&](const ErrorCode& error, size_t) { sent = !error; });
    EXPECT_TRUE(RunUntil([&] { return sent; }));
    asio::write(other, asio::buffer(RequestOfUnknownPolicy(path, 1)));
    EXPECT_TRUE(RunUntil([&] { return other.available() > 0; }));
    EXPECT_EQ(first.available(), 0u);
    others_were_served.count_down();
    EXPECT_TRUE(RunUntil([&] { return first.available() > 0; }));
    EXPECT_EQ(StatusLine(other), "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(StatusLine(first), "HTTP/1.1 400 Bad Request") << path;
  }
}

class LargeBodyTest : public SessionTest {
 protected:
  // Sends a large request whose body is not read before `while_it_waits` has been called, and returns its
  // row.
  template <typename Action>
  request_log::Record RowOfRequestThatWaits(Action while_it_waits) {
    std::latch waited(1);
    asio::post(gateway().body_reader, [&] { waited.wait(); });
    tcp::socket client = Connect();
    const std::string request = TestingChatRequest(R"({"model":"gpt-4o","messages":[1],"x":")" +
                                                   std::string(kLargeBody, 'x') + "\"}");
    bool sent = false;
    asio::async_write(client, asio::buffer(request), [&](const ErrorCode& error, size_t) { sent = !error; });
    EXPECT_TRUE(RunUntil([&] { return sent; }));
    worker().loop.poll();
    while_it_waits(client);
    worker().loop.poll();
    waited.count_down();
    EXPECT_TRUE(RunUntil([&] { return worker().sessions.empty(); }));
    EXPECT_EQ(gateway().log->Drain(kPatience), 0u);
    return OnlyRow(config_.database.path);
  }
};

TEST_F(LargeBodyTest, NoProviderIsAskedForAClientThatHasLeftMeanwhile) {
  const auto row = RowOfRequestThatWaits([](tcp::socket& client) { client.close(); });
  EXPECT_EQ(row.error_status, 499);
  EXPECT_EQ(row.attempts, 0);
}

TEST_F(LargeBodyTest, AGatewayThatBeginsToDrainMeanwhileServesIt) {
  const auto row = RowOfRequestThatWaits([&](tcp::socket&) { gateway().draining = true; });
  EXPECT_EQ(row.attempts, 1) << "and the test's connector threw";
}

// Whoever it was that threw, the client must not wait for an answer that nobody will give.
TEST_F(SessionTest, AnExceptionInARequestEndsItsConnection) {
  tcp::socket client = Connect();
  asio::write(client, asio::buffer(TestingChatRequest()));
  ASSERT_TRUE(RunUntil([&] { return worker().sessions.empty(); }));

  pollfd end{client.native_handle(), POLLIN, 0};
  ASSERT_EQ(::poll(&end, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())), 1);
  std::string read(1, '\0');
  ErrorCode error;
  client.read_some(asio::buffer(read), error);
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_EQ(gateway().log->Drain(kPatience), 0u);
  EXPECT_EQ(OnlyRow(config_.database.path).error_status, 500);
}

}  // namespace
}  // namespace arbstr::proxy
