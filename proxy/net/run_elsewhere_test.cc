#include "proxy/net/run_elsewhere.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

#include "proxy/net/interrupt.h"
#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

constexpr std::chrono::seconds kAtMost{20};

class RunElsewhereTest : public testing::Test {
 protected:
  Task<> Await(std::function<void()> work) {
    try {
      co_await RunElsewhere(threads_, std::move(work));
      log_ += "done";
    } catch (const std::runtime_error& error) {
      log_ += error.what();
    }
    ended_ = true;
  }
  void Spawn(std::function<void()> work) {
    proxy::Spawn(loop_.get_executor(), Await(std::move(work)), interrupt_.slot());
    loop_.poll();
  }
  void RunUntilEnd() {
    const auto keep = asio::make_work_guard(loop_);
    while (!ended_ && loop_.run_one_for(kAtMost) > 0) {
    }
    ASSERT_TRUE(ended_);
  }

  asio::io_context loop_{1};
  Interrupt interrupt_;
  asio::thread_pool threads_{1};
  std::string log_;
  bool ended_ = false;
};

TEST_F(RunElsewhereTest, AnotherThreadDoesTheWorkWhileTheLoopGoesOn) {
  std::latch loop_went_on(1);
  std::thread::id worker;
  Spawn([&] {
    loop_went_on.wait();
    worker = std::this_thread::get_id();
  });
  bool went_on = false;
  asio::post(loop_, [&] { went_on = true; });
  loop_.poll();
  EXPECT_TRUE(went_on);
  EXPECT_FALSE(ended_);
  loop_went_on.count_down();
  RunUntilEnd();
  EXPECT_EQ(log_, "done");
  EXPECT_NE(worker, std::thread::id());
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST_F(RunElsewhereTest, WhatTheWorkThrowsArrives) {
  Spawn([] { throw std::runtime_error("broken"); });
  RunUntilEnd();
  EXPECT_EQ(log_, "broken");
}

TEST_F(RunElsewhereTest, AnInterruptEndsNoWaitForWorkThatUsesTheRequest) {
  std::latch interrupted(1);
  Spawn([&] { interrupted.wait(); });
  interrupt_.Fire(InterruptReason::kClientGone);
  loop_.poll();
  EXPECT_FALSE(ended_);
  interrupted.count_down();
  RunUntilEnd();
  EXPECT_EQ(log_, "done");
}

TEST_F(RunElsewhereTest, WhatIsDestroyedWaitsForWorkThatHasBegunAndBeginsNoOther) {
  std::latch begun(1), end(1);
  std::atomic<bool> ended{false}, second_began{false};
  Spawn([&] {
    begun.count_down();
    end.wait();
    ended = true;
  });
  proxy::Spawn(loop_.get_executor(), Await([&] { second_began = true; }), {});
  loop_.poll();
  begun.wait();
  std::thread later([&] { end.count_down(); });
  Spawned::DestroyAll(loop_);
  EXPECT_TRUE(ended);
  later.join();
  threads_.join();
  EXPECT_FALSE(second_began);
  EXPECT_EQ(log_, "");
}

}  // namespace
}  // namespace arbstr::proxy
