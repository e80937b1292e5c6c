#include "request_log/query_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>

namespace arbstr::request_log {
namespace {

class NoReader : public LogReader {
 public:
  absl::StatusOr<Page> ReadPage(const PageQuery&, const std::function<bool()>&) override { return Page(); }
  absl::StatusOr<Stats> ReadStats(const StatsQuery&, const std::function<bool()>&) override {
    return Stats();
  }
};

class QueryThreadTest : public testing::Test {
 protected:
  // Keeps the thread busy until Release.
  void Hold() {
    ASSERT_TRUE(thread_.Submit([this](LogReader&) {
      holding_.set_value();
      EXPECT_EQ(released_.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
    }));
    ASSERT_EQ(holding_.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  }
  void Release() { released_.set_value(); }

  std::promise<void> holding_, released_;
  QueryThread thread_{std::make_unique<NoReader>(), 2};
};

TEST_F(QueryThreadTest, QueriesRunInOrderOnAnotherThread) {
  std::string order;
  std::promise<std::thread::id> last;
  EXPECT_TRUE(thread_.Submit([&](LogReader&) { order += "a"; }));
  EXPECT_TRUE(thread_.Submit([&](LogReader&) {
    order += "b";
    last.set_value(std::this_thread::get_id());
  }));
  std::future<std::thread::id> done = last.get_future();
  ASSERT_EQ(done.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_NE(done.get(), std::this_thread::get_id());
  EXPECT_EQ(order, "ab");
}

TEST_F(QueryThreadTest, OnlySoManyMayWait) {
  Hold();
  const auto nothing = [](LogReader&) {};
  EXPECT_TRUE(thread_.Submit(nothing));
  EXPECT_TRUE(thread_.Submit(nothing));
  EXPECT_FALSE(thread_.Submit(nothing));
  Release();
}

TEST_F(QueryThreadTest, StopEndsTheQueryThatRunsAndDropsThoseThatWait) {
  Hold();
  std::atomic<bool> ran{false};
  auto held = std::make_shared<int>();
  ASSERT_TRUE(thread_.Submit([&ran, held](LogReader&) { ran = true; }));
  std::thread stopper([this] { thread_.Stop(); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (held.use_count() > 1 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(held.use_count(), 1) << "the query that waits was not dropped";
  Release();
  stopper.join();
  EXPECT_FALSE(ran);
  EXPECT_FALSE(thread_.Submit([](LogReader&) {}));
}

}  // namespace
}  // namespace arbstr::request_log
