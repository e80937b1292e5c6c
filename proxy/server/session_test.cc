#include "proxy/server/session.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

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
