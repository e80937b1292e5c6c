#include "proxy/client/client_connection.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <new>
#include <optional>
#include <span>
#include <string>

#include "proxy/net/scripted_wire.h"
#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

Task<> FillOnce(ClientConnection& client, std::optional<ErrorCode>& result) {
  result = co_await client.Fill(client.clock().Now() + std::chrono::seconds(30));
}

class ClientOfWire {
 public:
  // How the first wait for input ended; the test fails where it does not.
  ErrorCode Fill(std::unique_ptr<Wire> wire) {
    client_ = std::make_shared<ClientConnection>(ByteStream(loop_.get_executor(), std::move(wire)), wheel_,
                                                 8192, std::chrono::seconds(30));
    std::optional<ErrorCode> result;
    Spawn(loop_.get_executor(), FillOnce(*client_, result));
    while (!result && loop_.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    EXPECT_TRUE(result);
    return result.value_or(asio::error::timed_out);
  }
  ~ClientOfWire() { client_->Close(); }
  asio::io_context& loop() { return loop_; }
  std::string_view input() const { return client_->input(); }

 private:
  asio::io_context loop_{1};
  DeadlineWheel wheel_{loop_.get_executor()};
  std::shared_ptr<ClientConnection> client_;
};

TEST(ClientConnectionTest, AFalseAlarmIsNoInput) {
  ClientOfWire client;
  const std::deque<std::string> pieces = {"", "", "GET"};
  const ErrorCode error = client.Fill(std::make_unique<ScriptedWire>(client.loop().get_executor(), pieces));
  EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(client.input(), "GET");
}

class WireWithoutMemory final : public ScriptedWire {
 public:
  explicit WireWithoutMemory(Executor executor) : ScriptedWire(executor, {"GET"}) {}
  size_t ReadNow(std::span<char>, ErrorCode&) override { throw std::bad_alloc(); }
};

TEST(ClientConnectionTest, NoMemoryForInputIsAReadThatFails) {
  ClientOfWire client;
  EXPECT_EQ(client.Fill(std::make_unique<WireWithoutMemory>(client.loop().get_executor())),
            asio::error::no_memory);
}

Task<> WriteOnce(ClientConnection& client, const std::string& text, std::optional<ErrorCode>& result) {
  result = co_await client.Write(text);
}

// The kernel takes more of an answer only once a good part of its buffer is free: for longer than the time in
// which a client has to take something, where it reads slowly.
TEST(ClientConnectionTest, ASlowReaderIsGoneOnlyOnceItTakesNothing) {
  constexpr std::chrono::milliseconds kStall{1000};
  const std::string answer(32 << 20, 'x');
  LoopClock::TimePoint now{};
  asio::io_context loop{1};
  DeadlineWheel wheel(loop.get_executor(), LoopClock(now));
  asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket reader(loop);
  reader.connect(acceptor.local_endpoint());
  Socket socket(loop.get_executor());
  acceptor.accept(socket);
  const auto client = std::make_shared<ClientConnection>(ByteStream(std::move(socket)), wheel, 8192, kStall);
  std::optional<ErrorCode> result;
  Spawn(loop.get_executor(), WriteOnce(*client, answer, result));
  const auto pass = [&](std::chrono::milliseconds time) {
    loop.poll();
    now += time;
    wheel.FireExpired(now);
    loop.poll();
  };
  std::string some(200'000, '\0');
  for (int step = 0; step < 40; ++step) {
    pass(kStall / 4);
    asio::read(reader, asio::buffer(some));  // there is more in the kernel's buffers
    ASSERT_FALSE(result) << "after " << step << " steps";
  }
  for (int step = 0; step < 8 && !result; ++step) pass(kStall / 4);
  ASSERT_TRUE(result);
  EXPECT_TRUE(*result);
}

}  // namespace
}  // namespace arbstr::proxy
