#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "request_log/fake_sink.h"
#include "request_log/request_log.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

using std::chrono::milliseconds;

class FailingSinkTest : public testing::Test {
 protected:
  void Start(RequestLog::Options options = {}) {
    options.retry_after_failure = milliseconds(1);
    options.on_error = [this](const std::string& message) { messages_.push_back(message); };
    journal_->FailWith(absl::UnavailableError("disk full"));
    log_ = std::make_unique<RequestLog>(std::make_unique<FakeSink>(journal_), options);
  }
  void Add(const std::string& id, std::function<void()> on_committed = {}) {
    ASSERT_TRUE(log_->TryReserve());
    log_->Append(RowNamed(id), std::move(on_committed));
  }

  std::shared_ptr<SinkJournal> journal_ = std::make_shared<SinkJournal>();
  std::vector<std::string> messages_;  // the writer's until the log is drained
  std::unique_ptr<RequestLog> log_;
};

TEST_F(FailingSinkTest, AnotherReasonIsSaidAndTheSameOneIsNot) {
  Start();
  Add("a");
  ASSERT_TRUE(journal_->AwaitFailures(3));
  journal_->FailWith(absl::UnavailableError("moved away"));
  ASSERT_TRUE(journal_->AwaitFailures(6));
  journal_->Work();
  ASSERT_TRUE(journal_->AwaitRows(1));
  log_->Drain(milliseconds(0));
  ASSERT_EQ(messages_.size(), 3u);
  EXPECT_NE(messages_[0].find("disk full"), std::string::npos);
  EXPECT_NE(messages_[1].find("moved away"), std::string::npos);
  EXPECT_NE(messages_[2].find("writing again"), std::string::npos);
}

TEST_F(FailingSinkTest, RowsAreKeptInOrderUntilTheSinkWorksAgain) {
  Start({.max_batch = 10});
  for (int i = 0; i < 100; ++i) Add(std::to_string(i));
  ASSERT_TRUE(journal_->AwaitFailures(3));
  for (int i = 100; i < 200; ++i) Add(std::to_string(i));
  EXPECT_FALSE(log_->healthy());
  EXPECT_EQ(log_->depth(), 200u);
  journal_->Work();
  ASSERT_TRUE(journal_->AwaitRows(200));
  const auto ids = journal_->Ids();
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(ids[i], std::to_string(i));
  EXPECT_EQ(log_->Drain(milliseconds(10'000)), 0u);
  EXPECT_TRUE(log_->healthy());
}

TEST_F(FailingSinkTest, EveryTransactionIsReportedWithItsRowsAndWhetherItCommitted) {
  std::size_t failed = 0, committed = 0, rows = 0, negative = 0;  // the writer's until the log is drained
  RequestLog::Options options{.max_batch = 10};
  options.on_write = [&](std::size_t count, std::chrono::nanoseconds took, bool ok) {
    (ok ? committed : failed) += 1;
    if (ok) rows += count;
    if (took.count() < 0) ++negative;
  };
  Start(options);
  for (int i = 0; i < 25; ++i) Add(std::to_string(i));
  ASSERT_TRUE(journal_->AwaitFailures(3));
  journal_->Work();
  ASSERT_TRUE(journal_->AwaitRows(25));
  log_->Drain(milliseconds(10'000));
  EXPECT_GE(failed, 3u);
  EXPECT_EQ(rows, 25u);
  EXPECT_GE(committed, 3u);
  EXPECT_EQ(negative, 0u);
}

TEST_F(FailingSinkTest, FailureAndRecoveryAreEachReportedOnce) {
  Start();
  Add("a");
  ASSERT_TRUE(journal_->AwaitFailures(5));
  journal_->Work();
  ASSERT_TRUE(journal_->AwaitRows(1));
  log_->Drain(milliseconds(10'000));
  ASSERT_EQ(messages_.size(), 2u);
  EXPECT_NE(messages_[0].find("disk full"), std::string::npos) << messages_[0];
  EXPECT_NE(messages_[1].find("writing again"), std::string::npos) << messages_[1];
}

TEST_F(FailingSinkTest, KeptRowsHoldTheirRoomSoTheQueueStaysBounded) {
  Start({.capacity = 5});
  for (int i = 0; i < 5; ++i) Add(std::to_string(i));
  ASSERT_TRUE(journal_->AwaitFailures(2));
  EXPECT_FALSE(log_->TryReserve());
  journal_->Work();
  ASSERT_TRUE(journal_->AwaitRows(5));
  EXPECT_EQ(log_->Drain(milliseconds(10'000)), 0u);
  EXPECT_TRUE(log_->TryReserve());
}

TEST_F(FailingSinkTest, OnCommittedIsNotCalledForAFailedWrite) {
  Start();
  bool committed = false;
  Add("a", [&] { committed = true; });
  ASSERT_TRUE(journal_->AwaitFailures(3));
  EXPECT_EQ(log_->Drain(milliseconds(0)), 1u);
  EXPECT_FALSE(committed);
}

TEST_F(FailingSinkTest, DrainReturnsTheNumberOfRowsThatItCouldNotWrite) {
  Start({.max_batch = 2});
  for (int i = 0; i < 9; ++i) Add(std::to_string(i));
  EXPECT_EQ(log_->Drain(milliseconds(20)), 9u);
  EXPECT_TRUE(journal_->Ids().empty());
}

TEST_F(FailingSinkTest, DrainWaitsForASinkThatRecoversInTime) {
  Start();
  Add("a");
  ASSERT_TRUE(journal_->AwaitFailures(1));
  std::thread repair([this] {
    ASSERT_TRUE(journal_->AwaitFailures(5));
    journal_->Work();
  });
  EXPECT_EQ(log_->Drain(milliseconds(30'000)), 0u);
  repair.join();
  EXPECT_EQ(journal_->Ids().size(), 1u);
}

TEST_F(FailingSinkTest, DrainCutsALongRetryWaitShort) {
  journal_->FailWith(absl::UnavailableError("locked"));
  RequestLog log(std::make_unique<FakeSink>(journal_), {.retry_after_failure = std::chrono::hours(1)});
  ASSERT_TRUE(log.TryReserve());
  log.Append(RowNamed("a"));
  ASSERT_TRUE(journal_->AwaitFailures(1));
  EXPECT_EQ(log.Drain(milliseconds(1)), 1u);  // an hour later, were it not cut
}

}  // namespace
}  // namespace arbstr::request_log
