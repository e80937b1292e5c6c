#include "proxy/net/event.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>

#include "proxy/net/interrupt.h"

namespace arbstr::proxy {
namespace {

class EventTest : public testing::Test {
 protected:
  // Waits `times` times, writing down how each wait ended.
  static Task<> Wait(Event& event, int times, std::string& log) {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (; times > 0; --times) {
      const auto [error] = co_await event.AsyncWait(kUseTask);
      log += !error ? "notified " : error == asio::error::operation_aborted ? "aborted " : "error ";
    }
    log += "end";
  }
  void Spawn(int times) {
    asio::co_spawn(loop_, Wait(event_, times, log_),
                   asio::bind_cancellation_slot(interrupt_.slot(), asio::detached));
    loop_.poll();
  }

  asio::io_context loop_{1};
  Event event_{loop_.get_executor()};
  Interrupt interrupt_;
  std::string log_;
};

TEST_F(EventTest, ANotifiedWaiterIsResumedByTheLoopAndNotInsideTheCall) {
  Spawn(1);
  EXPECT_TRUE(event_.awaited());
  EXPECT_EQ(log_, "");
  event_.Notify();
  EXPECT_FALSE(event_.awaited());
  EXPECT_EQ(log_, "");
  loop_.poll();
  EXPECT_EQ(log_, "notified end");
}

TEST_F(EventTest, ANotificationThatNobodyWaitsForIsNotKept) {
  event_.Notify();
  Spawn(1);
  EXPECT_EQ(log_, "");
  event_.Notify(asio::error::eof);
  loop_.poll();
  EXPECT_EQ(log_, "error end");
}

TEST_F(EventTest, TwoNotificationsResumeOnce) {
  Spawn(2);
  event_.Notify();
  event_.Notify();
  loop_.poll();
  EXPECT_EQ(log_, "notified ");
  event_.Notify();
  loop_.poll();
  EXPECT_EQ(log_, "notified notified end");
}

TEST_F(EventTest, AnInterruptEndsTheWaitAndTheNextWaitIsWhole) {
  Spawn(2);
  interrupt_.Fire(InterruptReason::kClientGone);
  loop_.poll();
  EXPECT_EQ(log_, "aborted ");
  EXPECT_TRUE(event_.awaited());
  event_.Notify();
  loop_.poll();
  EXPECT_EQ(log_, "aborted notified end");
}

TEST_F(EventTest, AnInterruptBehindANotificationChangesNothing) {
  Spawn(1);
  event_.Notify();
  interrupt_.Fire(InterruptReason::kClientGone);
  loop_.poll();
  EXPECT_EQ(log_, "notified end");
  interrupt_.Fire(InterruptReason::kShutdown);  // nobody is there any more
  loop_.poll();
}

TEST(InterruptTest, ALaterRankOverrulesAnEarlierOneAndNotTheReverse) {
  Interrupt interrupt;
  EXPECT_FALSE(interrupt.fired());
  interrupt.Fire(InterruptReason::kAttemptTimeout);
  interrupt.Fire(InterruptReason::kConnectTimeout);
  EXPECT_EQ(interrupt.reason(), InterruptReason::kAttemptTimeout);
  interrupt.Fire(InterruptReason::kDeadline);
  EXPECT_EQ(interrupt.reason(), InterruptReason::kDeadline);
  interrupt.Fire(InterruptReason::kClientGone);
  interrupt.Fire(InterruptReason::kDeadline);
  EXPECT_EQ(interrupt.reason(), InterruptReason::kClientGone);
}

TEST(InterruptTest, OnlyWhatEndsAnAttemptIsForgottenWithIt) {
  using enum InterruptReason;
  for (const auto reason : {kConnectTimeout, kAttemptTimeout}) {
    Interrupt interrupt;
    interrupt.Fire(reason);
    interrupt.ForgetAttempt();
    EXPECT_FALSE(interrupt.fired());
  }
  for (const auto reason : {kStreamIdle, kDeadline, kClientGone, kShutdown}) {
    Interrupt interrupt;
    interrupt.Fire(reason);
    interrupt.ForgetAttempt();
    EXPECT_EQ(interrupt.reason(), reason);
    interrupt.ForgetRequest();
    EXPECT_EQ(interrupt.fired(), reason == kShutdown);
  }
}

}  // namespace
}  // namespace arbstr::proxy
