// How long rows gather where their number is expected: until as many are there as there were when the last
// commit ended.

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "request_log/fake_sink.h"
#include "request_log/request_log.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

using std::chrono::milliseconds;

class GatherTest : public testing::Test {
 protected:
  void Start(std::chrono::microseconds window, std::size_t max_batch = 1024) {
    RequestLog::Options options{.window = window, .until_expected = true, .max_batch = max_batch};
    options.retry_after_failure = milliseconds(1);
    log_ = std::make_unique<RequestLog>(std::make_unique<FakeSink>(journal_), options);
  }
  void Add(const std::string& id, std::function<void()> on_committed = {}) {
    ASSERT_TRUE(log_->TryReserve());
    log_->Append(RowNamed(id), std::move(on_committed));
  }
  // The commit of one row ends, during which the others have come.
  void WriteOneWhileOthersCome(const std::vector<std::string>& others) {
    journal_->FailWith(absl::UnavailableError("busy"));
    Add("first", [this] { Commit(); });
    ASSERT_TRUE(journal_->AwaitFailures(1));
    for (const std::string& id : others) Add(id);
    journal_->Work();
    ASSERT_TRUE(AwaitCommits(1));
  }
  void Commit() {
    std::lock_guard lock(mutex_);
    ++commits_;
    changed_.notify_one();
  }
  bool AwaitCommits(int n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return commits_ >= n; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int commits_ = 0;  // guarded by mutex_
  std::shared_ptr<SinkJournal> journal_ = std::make_shared<SinkJournal>();
  std::unique_ptr<RequestLog> log_;
};

TEST_F(GatherTest, ARowAloneIsCommittedAtOnceEachTime) {
  Start(std::chrono::hours(1));
  for (int i = 1; i <= 50; ++i) {
    Add(std::to_string(i), [this] { Commit(); });
    ASSERT_TRUE(AwaitCommits(i));
  }
  EXPECT_EQ(journal_->BatchSizes(), std::vector<std::size_t>(50, 1));
}

TEST_F(GatherTest, RowsThatCameDuringACommitWaitForAsManyAsThereWere) {
  Start(std::chrono::hours(1));
  WriteOneWhileOthersCome({"b", "c"});
  Add("d");  // the first one's client again
  ASSERT_TRUE(journal_->AwaitRows(4));
  EXPECT_EQ(journal_->BatchSizes(), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(journal_->Ids(), (std::vector<std::string>{"first", "b", "c", "d"}));
}

TEST_F(GatherTest, RowsThatTheOthersDoNotJoinWaitForTheWindowAtMost) {
  Start(milliseconds(1));
  WriteOneWhileOthersCome({"b", "c"});
  ASSERT_TRUE(journal_->AwaitRows(3));
  Add("d");
  ASSERT_TRUE(journal_->AwaitRows(4));
}

TEST_F(GatherTest, MoreThanABatchIsNotWaitedFor) {
  Start(std::chrono::hours(1), 2);
  WriteOneWhileOthersCome({"b", "c"});
  ASSERT_TRUE(journal_->AwaitRows(3));
  EXPECT_EQ(journal_->BatchSizes(), (std::vector<std::size_t>{1, 2}));
}

TEST_F(GatherTest, DrainDoesNotWaitForRowsThatWereExpected) {
  Start(std::chrono::hours(1));
  WriteOneWhileOthersCome({"b"});
  EXPECT_EQ(log_->Drain(milliseconds(10'000)), 0u);
  EXPECT_EQ(journal_->Ids().size(), 2u);
}

}  // namespace
}  // namespace arbstr::request_log
