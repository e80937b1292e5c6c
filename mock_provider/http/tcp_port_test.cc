#include "mock_provider/http/tcp_port.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

namespace mock_provider {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::seconds;

// No file can be opened while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::open("/dev/null", O_RDONLY);
    ::close(lowest_free);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(lowest_free);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

class TcpPortTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(port_.Bind({.host = "127.0.0.1", .port = 0}));
    ASSERT_FALSE(port_.Listen());
  }
  // Whether a client can connect.
  bool Connects() {
    tcp::socket client(io_);
    error_code error;
    client.connect(port_.endpoint(), error);
    return !error;
  }
  void Run(int accepted) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(20);
    while (accepted_ < accepted && std::chrono::steady_clock::now() < deadline) io_.run_one_until(deadline);
    EXPECT_EQ(accepted_, accepted);
  }
  // Has one connection come that cannot be accepted, and leaves the port to try again.
  void FailToAccept(tcp::socket& client) {
    client.open(tcp::v4());
    const NoDescriptors none;
    client.connect(port_.endpoint());
    ASSERT_EQ(io_.run_one_for(seconds(20)), 1u);
    ASSERT_EQ(accepted_, 0);
  }

  boost::asio::io_context io_;
  int accepted_ = 0;
  TcpPort port_{io_.get_executor(), [this](const tcp::socket&) { ++accepted_; }};
};

TEST_F(TcpPortTest, AcceptsOneConnectionAfterTheOther) {
  EXPECT_TRUE(Connects());
  EXPECT_TRUE(Connects());
  Run(2);
  EXPECT_EQ(port_.HostAndPort(), "127.0.0.1:" + std::to_string(port_.endpoint().port()));
}

TEST_F(TcpPortTest, BoundItRefusesAndListensAgainAtTheSamePort) {
  const tcp::endpoint before = port_.endpoint();
  ASSERT_FALSE(port_.BindAgain());
  EXPECT_FALSE(Connects());
  ASSERT_FALSE(port_.Listen());
  EXPECT_EQ(port_.endpoint(), before);
  EXPECT_TRUE(Connects());
  Run(1);
}

TEST_F(TcpPortTest, WhatCameWhileThereWereNoDescriptorsIsAcceptedLater) {
  tcp::socket client(io_);
  FailToAccept(client);
  Run(1);
}

TEST_F(TcpPortTest, AcceptsOnceHoweverOftenItWasTakenAgain) {
  tcp::socket client(io_);
  FailToAccept(client);
  ASSERT_FALSE(port_.BindAgain());
  ASSERT_FALSE(port_.Listen());
  boost::asio::steady_timer later(io_, std::chrono::milliseconds(100));  // than a try
  bool passed = false;
  later.async_wait([&](const error_code&) { passed = true; });
  while (!passed && io_.run_one_for(seconds(20)) > 0) continue;
  port_.Close();
  EXPECT_EQ(io_.poll(), 1u) << "waits for connections that were called off";
}

}  // namespace
}  // namespace mock_provider
