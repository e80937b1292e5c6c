#include "proxy/net/event.h"

#include <gtest/gtest.h>

#include <string>

#include "proxy/net/interrupt.h"

namespace arbstr::proxy {
namespace {

class EventTest : public testing::Test {
 protected:
  // Waits `times` times, writing down how each wait ended.
  static Task<> Wait(Event& event, int times, std::string& log) {
    for (; times > 0; --times) {
      const ErrorCode error = co_await event.Wait();
      log += !error ? "notified " : error == asio::error::operation_aborted ? "aborted " : "error ";
    }
    log += "end";
  }
  void Spawn(int times) {
    proxy::Spawn(loop_.get_executor(), Wait(event_, times, log_), interrupt_.slot());
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
