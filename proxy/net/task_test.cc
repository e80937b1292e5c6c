#include "proxy/net/task.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "proxy/net/event.h"
#include "proxy/net/interrupt.h"

namespace arbstr::proxy {
namespace {

Task<int> Plain(int value) { co_return value; }

Task<int> Sum(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await Plain(1);
  co_return sum;
}

Task<> Fail() {
  throw std::runtime_error("failed");
  co_return;
}

// Says when it is destroyed.
class Witness {
 public:
  explicit Witness(std::string& log) : log_(log) {}
  ~Witness() { log_ += "gone "; }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

 private:
  std::string& log_;
};

class TaskTest : public testing::Test {
 protected:
  // What the task's end is told as: "ended", or what was thrown.
  void SpawnLogged(Task<> task) {
    Spawn(loop_.get_executor(), std::move(task), interrupt_.slot(), [this](std::exception_ptr failure) {
      try {
        if (failure) std::rethrow_exception(failure);
        log_ += "ended ";
      } catch (const std::exception& error) {
        log_ += error.what();
      }
    });
  }

  asio::io_context loop_{1};
  Interrupt interrupt_;
  std::string log_;
};

TEST_F(TaskTest, RunsOnTheLoopAndReturnsValues) {
  static constexpr auto kRun = [](int& result) -> Task<> { result = co_await Sum(3); };
  int result = 0;
  SpawnLogged(kRun(result));
  EXPECT_EQ(result, 0) << "not before the loop does";
  loop_.run();
  EXPECT_EQ(result, 3);
  EXPECT_EQ(log_, "ended ");
}

TEST_F(TaskTest, ALoopOverTasksThatNeverWaitNeedsNoStack) {
  static constexpr auto kRun = [](int& result) -> Task<> { result = co_await Sum(1'000'000); };
  int result = 0;
  SpawnLogged(kRun(result));
  loop_.run();
  EXPECT_EQ(result, 1'000'000);
}

TEST_F(TaskTest, AnExceptionEndsEveryCallerThatDoesNotCatchIt) {
  static constexpr auto kMiddle = [](std::string& log) -> Task<int> {
    const Witness witness(log);
    co_await Fail();
    co_return 1;
  };
  static constexpr auto kRun = [](std::string& log) -> Task<> {
    try {
      co_await kMiddle(log);
    } catch (const std::runtime_error&) {
      log += "caught ";
    }
    co_await kMiddle(log);
    log += "not reached";
  };
  SpawnLogged(kRun(log_));
  loop_.run();
  EXPECT_EQ(log_, "gone caught gone failed");
}

TEST_F(TaskTest, AWaitDeepInsideResumesAllAboveIt) {
  static constexpr auto kWait = [](Event& event) -> Task<int> {
    const ErrorCode error = co_await event.Wait();
    co_return error ? 1 : 2;
  };
  static constexpr auto kMiddle = [](Event& event) -> Task<int> { co_return co_await kWait(event) * 10; };
  static constexpr auto kRun = [](Event& event, std::string& log) -> Task<> {
    for (int i = 0; i < 2; ++i) log += std::to_string(co_await kMiddle(event)) + " ";
  };
  Event event(loop_.get_executor());
  SpawnLogged(kRun(event, log_));
  loop_.poll();
  event.Notify();
  loop_.poll();
  EXPECT_EQ(log_, "20 ");
  interrupt_.Fire(InterruptReason::kClientGone);
  loop_.poll();
  EXPECT_EQ(log_, "20 10 ended ");
}

TEST_F(TaskTest, AnOperationOfAsiosGivesWhatItCompletesWith) {
  static constexpr auto kRun = [](Socket& socket, std::string& log) -> Task<> {
    char byte = 0;
    const auto [read_error, bytes] = co_await socket.async_read_some(asio::buffer(&byte, 1), kUseTask);
    log += std::string(read_error ? "error " : "read ") + std::to_string(bytes) + byte + " ";
    const auto [aborted, none] = co_await socket.async_read_some(asio::buffer(&byte, 1), kUseTask);
    log += aborted == asio::error::operation_aborted && none == 0 ? "aborted " : "error ";
  };
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor(
      loop_, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  Socket client(loop_.get_executor());
  client.connect(acceptor.local_endpoint());
  Socket server = acceptor.accept();
  SpawnLogged(kRun(client, log_));
  server.write_some(asio::buffer("x", 1));
  while (log_.empty()) loop_.run_one();
  EXPECT_EQ(log_, "read 1x ");
  interrupt_.Fire(InterruptReason::kDeadline);
  loop_.run();
  EXPECT_EQ(log_, "read 1x aborted ended ");
}

TEST_F(TaskTest, WhatHasNotEndedIsDestroyedWithTheLoopFromTheTopDown) {
  static constexpr auto kInner = [](Event& event, std::string& log) -> Task<> {
    const Witness witness(log);
    co_await event.Wait();
    log += "resumed ";
  };
  static constexpr auto kOuter = [](Event& event, std::string& log) -> Task<> {
    struct Last {
      explicit Last(std::string& text) : log(text) {}
      ~Last() { log += "last"; }
      std::string& log;
    };
    const Last last(log);
    co_await kInner(event, log);
  };
  auto loop = std::make_unique<asio::io_context>(1);
  Event event(loop->get_executor());
  Spawn(loop->get_executor(), kOuter(event, log_));
  loop->poll();
  event.Notify();  // and the loop does not come to it
  loop.reset();
  EXPECT_EQ(log_, "gone last");
}

TEST_F(TaskTest, OneThatTheLoopNeverCameToIsDestroyedToo) {
  static constexpr auto kRun = [](std::shared_ptr<int> held) -> Task<> {
    co_return static_cast<void>(*held);
  };
  const auto held = std::make_shared<int>(1);
  {
    asio::io_context loop(1);
    Spawn(loop.get_executor(), kRun(held));
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TaskTest, TheLoopRunsAsLongAsATaskWaits) {
  static constexpr auto kRun = [](Event& event) -> Task<> { co_await event.Wait(); };
  Event event(loop_.get_executor());
  SpawnLogged(kRun(event));
  loop_.poll();
  EXPECT_FALSE(loop_.stopped());
  event.Notify();
  loop_.run();
  EXPECT_TRUE(loop_.stopped());
}

}  // namespace
}  // namespace arbstr::proxy
