#include "request_log/request_log.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

#include "request_log/fake_sink.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

using std::chrono::milliseconds;

class RequestLogTest : public testing::Test {
 protected:
  std::unique_ptr<RequestLog> Log(RequestLog::Options options = {}) {
    return std::make_unique<RequestLog>(std::make_unique<FakeSink>(journal_), options);
  }
  static void Add(RequestLog& log, const std::string& id, std::function<void()> on_committed = {}) {
    ASSERT_TRUE(log.TryReserve());
    log.Append(RowNamed(id), std::move(on_committed));
  }

  std::shared_ptr<SinkJournal> journal_ = std::make_shared<SinkJournal>();
};

TEST_F(RequestLogTest, ARowIsWrittenWithoutFurtherAsking) {
  auto log = Log();
  Add(*log, "a");
  EXPECT_TRUE(journal_->AwaitRows(1));
  EXPECT_TRUE(log->healthy());
}

TEST_F(RequestLogTest, RowsThatComeAfterAPauseAreWrittenToo) {
  auto log = Log({.window = milliseconds(0)});
  for (std::size_t i = 1; i <= 50; ++i) {
    Add(*log, std::to_string(i));
    ASSERT_TRUE(journal_->AwaitRows(i));
  }
}

TEST_F(RequestLogTest, RowsAreWrittenInTheOrderOfAppendInBatchesNoLargerThanMaxBatch) {
  auto log = Log({.max_batch = 7});
  for (int i = 0; i < 1000; ++i) Add(*log, std::to_string(i));
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  const auto ids = journal_->Ids();
  ASSERT_EQ(ids.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ids[static_cast<std::size_t>(i)], std::to_string(i));
  for (std::size_t size : journal_->BatchSizes()) EXPECT_LE(size, 7u);
}

TEST_F(RequestLogTest, WithoutAWriterOfItsOwnRowsAreWrittenWhenAsked) {
  auto log = Log({.max_batch = 2, .own_writer = false});
  bool committed = false;
  for (int i = 0; i < 5; ++i) Add(*log, std::to_string(i), [&] { committed = true; });
  EXPECT_EQ(log->depth(), 5u);
  journal_->FailWith(absl::UnavailableError("locked"));
  EXPECT_FALSE(log->WriteQueued());
  EXPECT_FALSE(log->healthy());
  EXPECT_FALSE(committed);
  Add(*log, "behind them");
  journal_->Work();
  EXPECT_TRUE(log->WriteQueued());
  EXPECT_TRUE(committed);
  EXPECT_EQ(log->depth(), 0u);
  EXPECT_EQ(journal_->BatchSizes(), std::vector<std::size_t>{6});
  EXPECT_TRUE(log->WriteQueued());
}

TEST_F(RequestLogTest, WhatGathersIsCommittedTogether) {
  auto log = Log({.window = std::chrono::hours(1)});
  for (int i = 0; i < 300; ++i) Add(*log, std::to_string(i));
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  EXPECT_EQ(journal_->BatchSizes(), std::vector<std::size_t>{300});
}

TEST_F(RequestLogTest, AMaxBatchOfZeroCountsAsOne) {
  auto log = Log({.max_batch = 0});
  Add(*log, "a");
  Add(*log, "b");
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  EXPECT_EQ(journal_->BatchSizes(), (std::vector<std::size_t>{1, 1}));
}

TEST_F(RequestLogTest, EveryRowOfEightConcurrentThreadsIsWrittenOnce) {
  auto log = Log({.capacity = 40'000});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 5'000; ++i) Add(*log, std::to_string(t) + "-" + std::to_string(i));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(log->Drain(milliseconds(30'000)), 0u);
  const auto ids = journal_->Ids();
  EXPECT_EQ(ids.size(), 40'000u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 40'000u);
}

TEST_F(RequestLogTest, ReservationsAndQueuedRowsTogetherAreBoundedByTheCapacity) {
  auto log = Log({.capacity = 3, .window = std::chrono::hours(1)});
  EXPECT_TRUE(log->TryReserve());
  EXPECT_TRUE(log->TryReserve());
  EXPECT_TRUE(log->TryReserve());
  EXPECT_FALSE(log->TryReserve());
  log->Append(RowNamed("a"));
  EXPECT_FALSE(log->TryReserve());
  EXPECT_EQ(log->depth(), 1u);
}

TEST_F(RequestLogTest, ACommittedRowMakesRoomForTheNext) {
  auto log = Log({.capacity = 1});
  std::mutex mutex;
  std::condition_variable done;
  for (int i = 0; i < 100; ++i) {
    bool committed = false;
    Add(*log, std::to_string(i), [&] {
      std::lock_guard lock(mutex);
      committed = true;
      done.notify_one();
    });
    std::unique_lock lock(mutex);
    ASSERT_TRUE(done.wait_for(lock, std::chrono::seconds(30), [&] { return committed; }));
  }
}

TEST_F(RequestLogTest, ReservationsNeverExceedTheCapacityUnderContention) {
  auto log = Log({.capacity = 100});
  std::atomic<int> held{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) held += log->TryReserve() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(held, 100);
}

TEST_F(RequestLogTest, OnCommittedRunsOnceTheSinkHasTheRow) {
  auto log = Log();
  std::vector<std::string> there;
  Add(*log, "a", [&] { there = journal_->Ids(); });
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  EXPECT_EQ(there, std::vector<std::string>{"a"});
}

TEST_F(RequestLogTest, WithoutMemoryRowsWaitUntilThereIsSome) {
  journal_->SetOutOfMemory(true);
  auto log = Log({.retry_after_failure = milliseconds(1)});
  EXPECT_TRUE(journal_->AwaitFailedUpkeep());
  Add(*log, "a");
  EXPECT_TRUE(journal_->AwaitFailures(2));
  EXPECT_FALSE(log->healthy());
  journal_->SetOutOfMemory(false);
  EXPECT_TRUE(journal_->AwaitRows(1));
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  EXPECT_EQ(journal_->Ids(), std::vector<std::string>{"a"});
}

TEST_F(RequestLogTest, TheDestructorWritesWhatIsQueued) {
  auto log = Log({.window = std::chrono::hours(1)});
  for (int i = 0; i < 200; ++i) Add(*log, std::to_string(i));
  log.reset();
  EXPECT_EQ(journal_->Ids().size(), 200u);
}

TEST_F(RequestLogTest, UpkeepIsDoneToItsEndWithoutARow) {
  journal_->SetUpkeep(absl::OkStatus(), 100);
  auto log = Log({.upkeep_every = std::chrono::hours(1)});
  EXPECT_TRUE(journal_->AwaitUpkeep());
}

TEST_F(RequestLogTest, UpkeepIsLookedForAfterEachBatchAndNowAndThen) {
  auto log = Log({.upkeep_every = std::chrono::hours(1)});
  Add(*log, "a");
  ASSERT_TRUE(journal_->AwaitRows(1));
  journal_->SetUpkeep(absl::OkStatus(), 10);
  Add(*log, "b");
  EXPECT_TRUE(journal_->AwaitUpkeep());
  auto quiet = Log({.upkeep_every = milliseconds(1)});
  journal_->SetUpkeep(absl::OkStatus(), 10);
  EXPECT_TRUE(journal_->AwaitUpkeep());
}

TEST_F(RequestLogTest, AFailureOfUpkeepIsReportedOnceAndItIsTriedAgain) {
  std::mutex mutex;
  std::vector<std::string> messages;
  journal_->SetUpkeep(absl::UnavailableError("locked"), 1);
  RequestLog::Options options{.upkeep_every = milliseconds(1)};
  options.on_error = [&](const std::string& message) {
    std::lock_guard lock(mutex);
    messages.push_back(message);
  };
  auto log = Log(options);
  Add(*log, "a");
  ASSERT_TRUE(journal_->AwaitRows(1));
  ASSERT_TRUE(journal_->AwaitFailedUpkeep());
  EXPECT_TRUE(log->healthy()) << "rows are written all the same";
  journal_->SetUpkeep(absl::OkStatus(), 2);
  ASSERT_TRUE(journal_->AwaitUpkeep());
  log.reset();
  std::lock_guard lock(mutex);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_NE(messages[0].find("locked"), std::string::npos) << messages[0];
  EXPECT_NE(messages[1].find("works again"), std::string::npos) << messages[1];
}

// A database that stays locked must not keep a processor busy.
TEST_F(RequestLogTest, AFailedUpkeepWaitsForTheNextBatchOrItsTime) {
  journal_->SetUpkeep(absl::UnavailableError("locked"), 1);
  auto log = Log({.upkeep_every = std::chrono::hours(1)});
  for (std::size_t batch = 1; batch <= 20; ++batch) {
    Add(*log, std::to_string(batch));
    ASSERT_TRUE(journal_->AwaitRows(batch));
  }
  log.reset();
  EXPECT_LE(journal_->UpkeepCalls(), 21u) << "once at the start, once a batch";
}

TEST_F(RequestLogTest, ARowAppendedAfterDrainIsCountedAsUnwritten) {
  auto log = Log();
  EXPECT_EQ(log->Drain(milliseconds(10'000)), 0u);
  Add(*log, "late");
  EXPECT_EQ(log->depth(), 1u);
  EXPECT_EQ(log->Drain(milliseconds(0)), 1u);
  EXPECT_TRUE(journal_->Ids().empty());
}

}  // namespace
}  // namespace arbstr::request_log
