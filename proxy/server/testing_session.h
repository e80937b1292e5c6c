// Sessions of a gateway inside the test's own process, on one loop that runs when the test says so.
#ifndef ARBSTR_PROXY_SERVER_TESTING_SESSION_H_
#define ARBSTR_PROXY_SERVER_TESTING_SESSION_H_

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "proxy/gateway.h"
#include "proxy/net/connector.h"
#include "proxy/server/session.h"
#include "proxy/server/testing_config.h"
#include "proxy/setup.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

class TestingSession : public testing::Test {
 protected:
  static constexpr std::chrono::seconds kPatience{20};

  // Once more: anew. `connector`: to the providers.
  void Start(const Config& config, std::unique_ptr<Connector> connector) {
    auto gateway = BuildGateway(config);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    StartWith(*std::move(gateway), config, std::move(connector));
  }
  void StartWith(std::unique_ptr<Gateway> gateway, const Config& config,
                 std::unique_ptr<Connector> connector) {
    worker_.reset();
    gateway_ = std::move(gateway);
    const auto setup = BuildSetup(config, nullptr);
    ASSERT_TRUE(setup.ok()) << setup.status();
    worker_.emplace(*gateway_, *setup, LoopClock(), std::move(connector));
  }
  // A client's connection, which a session serves.
  asio::ip::tcp::socket Connect() {
    asio::ip::tcp::acceptor acceptor(worker_->loop, {asio::ip::address_v4::loopback(), 0});
    asio::ip::tcp::socket client(worker_->loop);
    client.connect(acceptor.local_endpoint());
    Socket accepted(worker_->loop.get_executor());
    acceptor.accept(accepted);
    std::make_shared<Session>(*worker_, ByteStream(std::move(accepted)))->Start();
    return client;
  }
  // False: the condition did not come to hold in time.
  template <typename Condition>
  [[nodiscard]] bool RunUntil(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    // Another thread may be what it waits for.
    while (!condition() && std::chrono::steady_clock::now() < until)
      worker_->loop.run_one_for(std::chrono::milliseconds(10));
    return condition();
  }
  Worker& worker() { return *worker_; }
  Gateway& gateway() { return *gateway_; }

 private:
  std::unique_ptr<Gateway> gateway_;
  std::optional<Worker> worker_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_TESTING_SESSION_H_
