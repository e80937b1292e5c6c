#include "mock_provider/upstream/upstream_call.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A call to a server of which the test says when it sends what.
class UpstreamCallTest : public ::testing::Test {
 protected:
  UpstreamCallTest() : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), server_(io_) {
    acceptor_.async_accept(server_, [this](const boost::system::error_code&) {
      Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    });
    Upstream upstream;
    upstream.url = "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    const auto target = MakeUpstreamTarget(upstream, Dialect::kOpenAi);
    EXPECT_TRUE(target.ok()) << target.status();
    call_.emplace(io_.get_executor(), *target);
  }

  void Send(const std::string& bytes) { asio::write(server_, asio::buffer(bytes)); }

  int Ask() {
    int status = 0;
    asio::co_spawn(
        io_,
        [&]() -> asio::awaitable<void> {
          const HttpRequest request{.method = "GET", .target = "/"};
          const absl::StatusOr<UpstreamHead> head = co_await call_->Ask(request);
          if (head.ok()) status = head->status;
        },
        asio::detached);
    RunOutOfWork();
    return status;
  }

  std::string Read() {
    std::string bytes;
    asio::co_spawn(
        io_,
        [&]() -> asio::awaitable<void> {
          const absl::StatusOr<std::string> piece = co_await call_->Read();
          bytes = piece.ok() ? *piece : std::string(piece.status().message());
        },
        asio::detached);
    RunOutOfWork();
    return bytes;
  }

  // A timer that ran on would be work.
  void RunOutOfWork() {
    io_.restart();
    io_.run_for(std::chrono::seconds(10));
    EXPECT_TRUE(io_.stopped());
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  tcp::socket server_;
  std::optional<UpstreamCall> call_;
};

TEST_F(UpstreamCallTest, NothingRunsOutWhileNothingIsRead) {
  EXPECT_EQ(Ask(), 200);
  Send("ab");
  EXPECT_EQ(Read(), "ab");
  Send("cd");
  EXPECT_EQ(Read(), "cd");
  EXPECT_EQ(Read(), "");
}

}  // namespace
}  // namespace mock_provider
