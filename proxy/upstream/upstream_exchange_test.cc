#include "proxy/upstream/upstream_exchange.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <optional>
#include <string>

#include "proxy/net/scripted_wire.h"
#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

// What there is to a peer, and how often it takes a descriptor that there is not.
struct Script {
  std::deque<std::string> pieces;
  ErrorCode write_error{};
  int without_descriptor = 0;
};

// Each connection is to a peer that says the same.
class ScriptedConnector final : public Connector {
 public:
  ScriptedConnector(Executor executor, Script script) : executor_(executor), script_(std::move(script)) {}
  Task<ConnectResult> Connect(const ConnectTarget&, std::chrono::milliseconds, Interrupt&) override {
    ConnectResult result;
    if (script_.without_descriptor-- > 0) {
      result.failure = ConnectFailure::kOwnLimit;
    } else {
      auto wire = std::make_unique<ScriptedWire>(executor_, script_.pieces, script_.write_error);
      result.stream = std::make_unique<ByteStream>(executor_, std::move(wire));
    }
    co_return result;
  }

 private:
  const Executor executor_;
  Script script_;
};

// One exchange with such a peer, to its end.
class ScriptedExchange {
 public:
  explicit ScriptedExchange(Script script) : connector_(loop_.get_executor(), std::move(script)) {}

  // So many connections to another provider lie idle.
  void KeepIdle(int count) {
    pool_.Serve({other_});
    const auto executor = loop_.get_executor();
    for (; count > 0; --count) {
      auto wire = std::make_unique<ScriptedWire>(executor, std::deque<std::string>());
      auto stream = std::make_unique<ByteStream>(executor, std::move(wire));
      pool_.Put(*other_, std::make_unique<UpstreamConnection>(
                             UpstreamConnection{std::move(stream), BodyBuffer(1000), {}}));
    }
  }
  int CountIdle() {
    int count = 0;
    while (pool_.Take(*other_)) ++count;
    return count;
  }

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
  const std::shared_ptr<const Upstream> other_ = std::make_shared<Upstream>();
  UpstreamExchange exchange_{upstream_, pool_, connector_, wheel_.clock(), std::chrono::seconds(30),
                             interrupt_};
  std::string body_;
  std::optional<UpstreamResult> ended_;
};

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

TEST(UpstreamExchangeTest, AFalseAlarmIsNoResponse) {
  ScriptedExchange exchange({{"", "", kAnswer}});
  const auto& ended = exchange.Run();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.body(), "hi");
}

TEST(UpstreamExchangeTest, ForWantOfADescriptorIdleConnectionsToOthersAreClosed) {
  ScriptedExchange exchange({.pieces = {kAnswer}, .without_descriptor = 2});
  exchange.KeepIdle(5);
  const auto& ended = exchange.Run();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(exchange.CountIdle(), 3);
}

TEST(UpstreamExchangeTest, WhereNoneIsLeftToCloseItIsTheGatewaysFailure) {
  ScriptedExchange exchange({.pieces = {kAnswer}, .without_descriptor = 3});
  exchange.KeepIdle(2);
  const auto& ended = exchange.Run();
  ASSERT_TRUE(ended);
  ASSERT_TRUE(ended->failure);
  EXPECT_EQ(ended->failure->fault, retry::Fault::kOwnLimit);
}

TEST(UpstreamExchangeTest, WhatTheGatewayCannotSendIsNotWaitedFor) {
  ScriptedExchange exchange({.pieces = {}, .write_error = {ENOBUFS, boost::system::system_category()}});
  const auto& ended = exchange.Run();
  ASSERT_TRUE(ended);
  ASSERT_TRUE(ended->failure);
  EXPECT_EQ(ended->failure->fault, retry::Fault::kOwnLimit);
  EXPECT_EQ(ended->failure->message,
            "the gateway itself has no memory left to ask a provider with: No buffer space available");
}

// Of a chunked response whose last piece does not end.
std::string FailureAfter(const std::string& endless) {
  std::deque<std::string> pieces = {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n",
                                    endless};
  for (int i = 0; i < 100; ++i) pieces.push_back(std::string(1000, 'x'));
  ScriptedExchange exchange({std::move(pieces)});
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
