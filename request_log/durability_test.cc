// The queue and SQLite together, on a real file.

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "request_log/request_log.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

using std::chrono::milliseconds;

class DurabilityTest : public testing::Test {
 protected:
  void Start(RequestLog::Options options = {}) {
    options.retry_after_failure = milliseconds(1);
    options.on_error = [this](const std::string& message) {
      std::lock_guard lock(mutex_);
      messages_.push_back(message);
      changed_.notify_all();
    };
    auto sink = OpenSqlite(database_.path(), SqliteDurability::kGroup);
    ASSERT_TRUE(sink.ok()) << sink.status();
    log_ = std::make_unique<RequestLog>(*std::move(sink), options);
  }
  void Add(const std::string& id, std::function<void()> on_committed = {}) {
    ASSERT_TRUE(log_->TryReserve());
    log_->Append(RowNamed(id), std::move(on_committed));
  }
  bool AwaitMessages(std::size_t n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return messages_.size() >= n; });
  }
  std::string Count() { return database_.Query("SELECT count(*) FROM requests"); }

  TemporaryDatabase database_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::unique_ptr<RequestLog> log_;
};

TEST_F(DurabilityTest, EveryRowOfEightThreadsIsInTheFileOnce) {
  Start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 5'000; ++i) Add(std::to_string(t) + "-" + std::to_string(i));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(log_->Drain(milliseconds(60'000)), 0u);
  EXPECT_EQ(Count(), "40000");
}

TEST_F(DurabilityTest, BatchesLargerThanMaxBatchAreWrittenWhole) {
  Start({.max_batch = 100});
  for (int i = 0; i < 1'234; ++i) Add(std::to_string(i));
  EXPECT_EQ(log_->Drain(milliseconds(60'000)), 0u);
  EXPECT_EQ(Count(), "1234");
}

TEST_F(DurabilityTest, AnotherConnectionSeesTheRowWhenOnCommittedRuns) {
  Start();
  std::string seen;
  Add("a", [&] { seen = Count(); });
  EXPECT_EQ(log_->Drain(milliseconds(60'000)), 0u);
  EXPECT_EQ(seen, "1");
}

TEST_F(DurabilityTest, RowsSurviveALockOfAnotherConnection) {
  Start();
  SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE").ok());
  for (int i = 0; i < 500; ++i) Add(std::to_string(i));
  ASSERT_TRUE(AwaitMessages(1));
  EXPECT_FALSE(log_->healthy());
  EXPECT_EQ(log_->depth(), 500u);
  ASSERT_TRUE(Execute(other.get(), "COMMIT").ok());
  ASSERT_TRUE(AwaitMessages(2));
  EXPECT_EQ(log_->Drain(milliseconds(60'000)), 0u);
  EXPECT_TRUE(log_->healthy());
  EXPECT_EQ(Count(), "500");
}

TEST_F(DurabilityTest, ADatabaseThatStaysLockedLeavesItsRowsCounted) {
  Start();
  SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE").ok());
  Add("a");
  EXPECT_EQ(log_->Drain(milliseconds(10)), 1u);
}

}  // namespace
}  // namespace arbstr::request_log
