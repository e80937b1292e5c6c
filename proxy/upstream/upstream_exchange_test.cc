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

Task<> Ask(UpstreamExchange& exchange, std::string& body, std::optional<UpstreamResult>& ended) {
  const UpstreamRequest request;
  UpstreamResult result = co_await exchange.Begin(request);
  BodyBuffer received(1000);
  if (result.ok()) result = co_await exchange.ReadBody(received);
  body = received.view();
  ended = std::move(result);
}

TEST(UpstreamExchangeTest, AFalseAlarmIsNoResponse) {
  asio::io_context loop{1};
  DeadlineWheel wheel(loop.get_executor());
  ConnectionPool pool(wheel);
  ScriptedConnector connector(loop.get_executor(),
                              {"", "", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"});
  Interrupt interrupt;
  const Upstream upstream;
  UpstreamExchange exchange(upstream, pool, connector, wheel.clock(), std::chrono::seconds(30), interrupt);
  std::string body;
  std::optional<UpstreamResult> ended;
  Spawn(loop.get_executor(), Ask(exchange, body, ended), interrupt.slot());
  while (!ended && loop.run_one_for(std::chrono::seconds(30)) > 0) {
  }
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(exchange.response().status(), 200);
  EXPECT_EQ(body, "hi");
}

// Of a chunked response whose last piece does not end.
std::string FailureAfter(const std::string& endless) {
  asio::io_context loop{1};
  DeadlineWheel wheel(loop.get_executor());
  ConnectionPool pool(wheel);
  std::deque<std::string> pieces = {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n",
                                    endless};
  for (int i = 0; i < 100; ++i) pieces.push_back(std::string(1000, 'x'));
  ScriptedConnector connector(loop.get_executor(), pieces);
  Interrupt interrupt;
  const Upstream upstream;
  UpstreamExchange exchange(upstream, pool, connector, wheel.clock(), std::chrono::seconds(30), interrupt);
  std::string body;
  std::optional<UpstreamResult> ended;
  Spawn(loop.get_executor(), Ask(exchange, body, ended), interrupt.slot());
  while (!ended && loop.run_one_for(std::chrono::seconds(30)) > 0) {
  }
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
