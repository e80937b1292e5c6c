#include "proxy/server/session.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "proxy/gateway.h"
#include "proxy/net/connector.h"
#include "proxy/server/testing_config.h"
#include "proxy/setup.h"
#include "proxy/worker.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;
constexpr std::chrono::seconds kPatience{20};

class ThrowingConnector final : public Connector {
 public:
  Task<ConnectResult> Connect(const ConnectTarget&, std::chrono::milliseconds, Interrupt&) override {
    throw std::runtime_error("of the test");
    co_return ConnectResult();
  }
};

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto gateway = BuildGateway(config_);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    const auto setup = BuildSetup(config_, nullptr);
    ASSERT_TRUE(setup.ok()) << setup.status();
    worker_.emplace(*gateway_, *setup, LoopClock(), std::make_unique<ThrowingConnector>());
  }
  // A connection that the worker serves.
  tcp::socket Connect() {
    tcp::acceptor acceptor(worker_->loop, {asio::ip::address_v4::loopback(), 0});
    tcp::socket client(worker_->loop);
    client.connect(acceptor.local_endpoint());
    Socket accepted(worker_->loop.get_executor());
    acceptor.accept(accepted);
    std::make_shared<Session>(*worker_, ByteStream(std::move(accepted)))->Start();
    return client;
  }

  const Config config_ = TestingConfig();
  std::unique_ptr<Gateway> gateway_;
  std::optional<Worker> worker_;
};

TEST_F(SessionTest, WhoSendsManyRequestsAtOnceTakesTurnsWithOthers) {
  const std::string request = "GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += request;
  tcp::socket greedy = Connect(), other = Connect();
  worker_->loop.poll();  // both are waited for
  asio::write(greedy, asio::buffer(many));
  asio::write(other, asio::buffer(request));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (other.available() == 0 && std::chrono::steady_clock::now() < until)
    worker_->loop.run_one_for(kPatience);
  ASSERT_GT(other.available(), 0u);
  EXPECT_LT(greedy.available(), 50 * other.available());
}

// Whoever it was that threw, the client must not wait for an answer that nobody will give.
TEST_F(SessionTest, AnExceptionInARequestEndsItsConnection) {
  tcp::socket client = Connect();
  asio::write(client, asio::buffer(TestingChatRequest()));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!worker_->sessions.empty() && std::chrono::steady_clock::now() < until) {
    worker_->loop.run_one_for(kPatience);
  }
  ASSERT_TRUE(worker_->sessions.empty());

  pollfd end{client.native_handle(), POLLIN, 0};
  ASSERT_EQ(::poll(&end, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())), 1);
  std::string read(1, '\0');
  ErrorCode error;
  client.read_some(asio::buffer(read), error);
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_EQ(gateway_->log->Drain(kPatience), 0u);
  EXPECT_EQ(OnlyRow(config_.database.path).error_status, 500);
}

}  // namespace
}  // namespace arbstr::proxy
