#include "proxy/server/session.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "proxy/gateway.h"
#include "proxy/net/connector.h"
#include "proxy/net/spawned.h"
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
  // A connection that the worker serves.
  static tcp::socket Connect(Worker& worker) {
    tcp::acceptor acceptor(worker.loop, {asio::ip::address_v4::loopback(), 0});
    tcp::socket client(worker.loop);
    client.connect(acceptor.local_endpoint());
    Socket accepted(worker.loop.get_executor());
    acceptor.accept(accepted);
    std::make_shared<Session>(worker, ByteStream(std::move(accepted)))->Start();
    return client;
  }
};

TEST_F(SessionTest, WhoSendsManyRequestsAtOnceTakesTurnsWithOthers) {
  const Config config = TestingConfig();
  const auto gateway = BuildGateway(config);
  ASSERT_TRUE(gateway.ok()) << gateway.status();
  const auto setup = BuildSetup(config, nullptr);
  ASSERT_TRUE(setup.ok()) << setup.status();
  Worker worker(**gateway, *setup, {}, std::make_unique<ThrowingConnector>());
  const std::string request = "GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += request;
  tcp::socket greedy = Connect(worker), other = Connect(worker);
  worker.loop.poll();  // both are waited for
  asio::write(greedy, asio::buffer(many));
  asio::write(other, asio::buffer(request));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (other.available() == 0 && std::chrono::steady_clock::now() < until)
    worker.loop.run_one_for(kPatience);
  ASSERT_GT(other.available(), 0u);
  EXPECT_LT(greedy.available(), 50 * other.available());
  Spawned::DestroyAll(worker.loop);
}

// Whoever it was that threw, the client must not wait for an answer that nobody will give.
TEST_F(SessionTest, AnExceptionInARequestEndsItsConnection) {
  const Config config = TestingConfig();
  const auto gateway = BuildGateway(config);
  ASSERT_TRUE(gateway.ok()) << gateway.status();
  const auto setup = BuildSetup(config, nullptr);
  ASSERT_TRUE(setup.ok()) << setup.status();
  Worker worker(**gateway, *setup, {}, std::make_unique<ThrowingConnector>());
  tcp::socket client = Connect(worker);
  asio::write(client, asio::buffer(TestingChatRequest()));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!worker.sessions.empty() && std::chrono::steady_clock::now() < until) {
    worker.loop.run_one_for(kPatience);
  }
  ASSERT_TRUE(worker.sessions.empty());

  pollfd end{client.native_handle(), POLLIN, 0};
  ASSERT_EQ(::poll(&end, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())), 1);
  std::string read(1, '\0');
  ErrorCode error;
  client.read_some(asio::buffer(read), error);
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_EQ((*gateway)->log->Drain(kPatience), 0u);
  EXPECT_EQ(OnlyRow(config.database.path).error_status, 500);
}

}  // namespace
}  // namespace arbstr::proxy
