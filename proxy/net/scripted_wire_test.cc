#include "proxy/net/scripted_wire.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <functional>

namespace arbstr::proxy {
namespace {

class TestWaiter final : public Wire::Waiter {
 public:
  explicit TestWaiter(std::function<void(ErrorCode)> on_end) : on_end_(std::move(on_end)) {}
  void Complete(ErrorCode error, size_t) override { on_end_(error); }

 private:
  const std::function<void(ErrorCode)> on_end_;
};

// As of any wire: who waited hears of it from the loop, and may wait anew.
TEST(ScriptedWireTest, ACancelledWaitEndsFromTheLoopAndAnotherMayBegin) {
  asio::io_context loop{1};
  ScriptedWire wire(loop.get_executor(), {});
  ErrorCode first, second;
  wire.WaitReadable(std::make_unique<TestWaiter>([&](ErrorCode error) {
    first = error;
    wire.WaitReadable(std::make_unique<TestWaiter>([&](ErrorCode later) { second = later; }));
  }));
  wire.CancelRead();
  EXPECT_FALSE(first) << "from inside the call";
  loop.poll();
  EXPECT_EQ(first, asio::error::operation_aborted);
  EXPECT_FALSE(second);
  wire.CancelRead();
  loop.restart();
  loop.poll();
  EXPECT_EQ(second, asio::error::operation_aborted);
}

}  // namespace
}  // namespace arbstr::proxy
