#include "proxy/upstream/upstream_exchange.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

#include "proxy/net/scripted_wire.h"
#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

// Each connection is to a peer that says the same.
class ScriptedConnector final : public Connector {
 public:
  ScriptedConnector(Executor executor, std::deque<std::string> pieces)
      : executor_(executor), pieces_(std::move(pieces)) {}
  Task<ConnectResult> Connect(const ConnectTarget&, std::chrono::milliseconds, Interrupt&) override {
    ConnectResult result;
    result.stream =
        std::make_unique<ByteStream>(executor_, std::make_unique<ScriptedWire>(executor_, pieces_));
    co_return result;
  }

 private:
  const Executor executor_;
  const std::deque<std::string> pieces_;
};

// One exchange with such a peer, to its end.
class ScriptedExchange {
 public:
  explicit ScriptedExchange(std::deque<std::string> pieces)
      : connector_(loop_.get_executor(), std::move(pieces)) {}

  // Nothing: it did not end.
  const std::optional<UpstreamResult>& Run() {
    Spawn(loop_.get_executor(), Ask(), interrupt_.slot());
    while (!ended_ && loop_.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    return ended_;
  }
  int status() const { return exchange_.response().status(); }
  const std::string& body() const { return body_; }

 private:
  Task<> Ask() {
    const UpstreamRequest request;
    UpstreamResult result = co_await exchange_.Begin(request);
    BodyBuffer received(1000);
    if (result.ok()) result = co_await exchange_.ReadBody(received);
    body_ = received.view();
    ended_ = std::move(result);
  }

  asio::io_context loop_{1};
  DeadlineWheel wheel_{loop_.get_executor()};
  ConnectionPool pool_{wheel_};
  ScriptedConnector connector_;
  Interrupt interrupt_;
  const Upstream upstream_;
  UpstreamExchange exchange_{upstream_, pool_, connector_, wheel_.clock(), std::chrono::seconds(30),
                             interrupt_};
  std::string body_;
  std::optional<UpstreamResult> ended_;
};

TEST(UpstreamExchangeTest, AFalseAlarmIsNoResponse) {
  ScriptedExchange exchange({"", "", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"});
  const auto& ended = exchange.Run();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.body(), "hi");
}

// Of a chunked response whose last piece does not end.
std::string FailureAfter(const std::string& endless) {
  std::deque<std::string> pieces = {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n",
                                    endless};
  for (int i = 0; i < 100; ++i) pieces.push_back(std::string(1000, 'x'));
  ScriptedExchange exchange(std::move(pieces));
  const auto& ended = exchange.Run();
  if (!ended || !ended->failure) return "none";
  EXPECT_EQ(ended->failure->fault, retry::Fault::kUnreadable);
  return ended->failure->message;
}

TEST(UpstreamExchangeTest, AChunksHeadOrATrailerWithoutEndIsUnreadable) {
  EXPECT_EQ(FailureAfter("1;x="), "the response has a chunk's head or a trailer of more than 73728 bytes");
  EXPECT_EQ(FailureAfter("0\r\nx: "),
            "the response has a chunk's head or a trailer of more than 73728 bytes");
}

}  // namespace
}  // namespace arbstr::proxy
