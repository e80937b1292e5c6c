// What the gateway itself lacks counts against no provider, and hides no failure of one.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <memory>
#include <utility>

#include "proxy/server/health.h"
#include "proxy/server/testing_session.h"

namespace arbstr::proxy {
namespace {

using State = Admission::State;
constexpr ConnectFailure kOwn = ConnectFailure::kOwnLimit, kTheirs = ConnectFailure::kTcp;

class FailingConnector final : public Connector {
 public:
  // `left` has the failures of what is still to be connected, and outlives this.
  explicit FailingConnector(std::deque<ConnectFailure>& left) : left_(left) {}
  Task<ConnectResult> Connect(const ConnectTarget&, std::chrono::milliseconds, Interrupt&) override {
    ConnectResult result;
    result.failure = left_.front();
    left_.pop_front();
    co_return result;
  }

 private:
  std::deque<ConnectFailure>& left_;
};

class OwnLimitAccountingTest : public TestingSession {
 protected:
  OwnLimitAccountingTest() {
    config_.circuit_breaker.failures = 1;
    config_.retry.max_retries = 1;
    config_.retry.backoff = {std::chrono::milliseconds(0)};
  }

  // One request whose attempts fail like that. Returns how many were not made.
  size_t Ask(std::deque<ConnectFailure> failures) {
    left_ = std::move(failures);
    Start(config_, std::make_unique<FailingConnector>(left_));
    if (HasFatalFailure()) return left_.size();
    asio::ip::tcp::socket client = Connect();
    asio::write(client, asio::buffer(TestingChatRequest()));
    EXPECT_TRUE(RunUntil([&] { return client.available() > 0; }));
    return left_.size();
  }
  State breaker() {
    return HealthOf(*worker().setup->shared, std::chrono::steady_clock::now()).providers[0].breaker;
  }

  Config config_ = TestingConfig();

 private:
  std::deque<ConnectFailure> left_;
};

TEST_F(OwnLimitAccountingTest, WhereOnlyTheGatewayLacksSomethingTheBreakerStaysClosed) {
  EXPECT_EQ(Ask({kOwn, kOwn}), 0u);
  EXPECT_EQ(breaker(), State::kClosed);
}

TEST_F(OwnLimitAccountingTest, AFailureOfTheProvidersBeforeItStillCounts) {
  EXPECT_EQ(Ask({kTheirs, kOwn}), 0u);
  EXPECT_EQ(breaker(), State::kOpen);
}

TEST_F(OwnLimitAccountingTest, AFailureOfTheProvidersBehindItCounts) {
  EXPECT_EQ(Ask({kOwn, kTheirs}), 0u);
  EXPECT_EQ(breaker(), State::kOpen);
}

TEST_F(OwnLimitAccountingTest, ARetryIsChargedToTheBudgetOnlyForTheProvidersFailures) {
  config_.retry.budget_percent = 1;  // of one request: no retry
  config_.retry.budget_min_per_s = 0;
  EXPECT_EQ(Ask({kTheirs, kTheirs}), 1u);
  EXPECT_EQ(Ask({kOwn, kOwn}), 0u);
  config_.retry.budget_percent = 100;  // one
  config_.retry.max_retries = 2;
  EXPECT_EQ(Ask({kTheirs, kTheirs, kTheirs}), 1u);
  EXPECT_EQ(Ask({kOwn, kTheirs, kTheirs}), 0u);
}

}  // namespace
}  // namespace arbstr::proxy
