#include "request_log/log_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <new>
#include <thread>

#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

const RowFilter kAll{At(0), At(std::numeric_limits<std::int64_t>::max()), {}, {}, {}, {}};

class LogReaderTest : public testing::Test {
 protected:
  void SetUp() override { Open({.rows_rolled_up = 10}); }
  void Open(SqliteUpkeepOptions upkeep) {
    auto sink = OpenSqlite(database_.path(), SqliteDurability::kGroup, upkeep);
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
    auto reader = LogReader::Open(database_.path());
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader_ = *std::move(reader);
  }
  void Write(const std::vector<Record>& rows) { ASSERT_TRUE(sink_->Write(rows).ok()); }
  Page ReadPage(PageQuery query = {.filter = kAll}) {
    const auto page = reader_->ReadPage(query, NeverStopped);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? *page : Page();
  }
  std::int64_t Total() {
    const auto stats = reader_->ReadStats({.filter = kAll}, NeverStopped);
    EXPECT_TRUE(stats.ok()) << stats.status();
    return stats.ok() ? stats->all.total : -1;
  }

  TemporaryDatabase database_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<LogReader> reader_;
  RandomRows random_{7, At(0), At(1000)};
};

TEST_F(LogReaderTest, AnEmptyLogHasNoRowsAndNoPercentiles) {
  EXPECT_EQ(ReadPage().total, 0);
  const auto stats = reader_->ReadStats({.filter = kAll, .group_by = GroupBy::kModel}, NeverStopped);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->all.total, 0);
  EXPECT_FALSE(stats->all.avg_latency_ms);
  EXPECT_FALSE(stats->all.p99_latency_ms);
  EXPECT_TRUE(stats->groups.empty());
}

TEST_F(LogReaderTest, EveryColumnOfARowComesBack) {
  Record row = random_.Next();
  row.timestamp = At(1'769'860'800'123);
  row.provider = "alpha";
  row.policy = "code";
  row.input_tokens = std::numeric_limits<std::int64_t>::max();
  row.output_tokens = 0;
  row.cost_sats = 1.25;
  row.provider_cost_sats = 0.5;
  row.stream_duration_ms = 2500;
  row.error_status = 502;
  row.error_message = "cut";
  row.retries = "2/alpha";
  row.attempt_log = "[]";
  Write({row});
  const Page page = ReadPage();
  ASSERT_EQ(page.rows.size(), 1u);
  const Record& read = page.rows[0].record;
  EXPECT_EQ(page.rows[0].id, 1);
  EXPECT_EQ(read.correlation_id, row.correlation_id);
  EXPECT_EQ(read.timestamp, row.timestamp);
  EXPECT_EQ(read.model, row.model);
  EXPECT_EQ(read.provider, row.provider);
  EXPECT_EQ(read.policy, row.policy);
  EXPECT_EQ(read.streaming, row.streaming);
  EXPECT_EQ(read.input_tokens, row.input_tokens);
  EXPECT_EQ(read.output_tokens, row.output_tokens);
  EXPECT_EQ(read.cost_sats, row.cost_sats);
  EXPECT_EQ(read.provider_cost_sats, row.provider_cost_sats);
  EXPECT_EQ(read.latency_ms, row.latency_ms);
  EXPECT_EQ(read.stream_duration_ms, row.stream_duration_ms);
  EXPECT_EQ(read.success, row.success);
  EXPECT_EQ(read.error_status, row.error_status);
  EXPECT_EQ(read.error_message, row.error_message);
  EXPECT_EQ(read.attempts, row.attempts);
  EXPECT_EQ(read.retries, row.retries);
  EXPECT_EQ(read.attempt_log, row.attempt_log);
}

TEST_F(LogReaderTest, ARangeHasItsFirstMillisecondAndNotItsLast) {
  std::vector<Record> rows;
  for (int i = 0; i < 10; ++i) {
    rows.push_back(RowNamed(std::to_string(i)));
    rows.back().timestamp = At(i);
  }
  Write(rows);
  MaintainAll(*sink_, At(0));
  RowFilter range = kAll;
  range.since = At(9);
  EXPECT_EQ(ReadPage({.filter = range}).total, 1);
  range = kAll;
  range.until = At(9);
  EXPECT_EQ(ReadPage({.filter = range}).total, 9);
}

TEST_F(LogReaderTest, SumsOfTokensStopAtTheLargestNumber) {
  std::vector<Record> rows = random_.Next(25);
  for (Record& row : rows) row.input_tokens = std::numeric_limits<std::int64_t>::max();
  Write(rows);
  MaintainAll(*sink_, At(0));
  const auto stats = reader_->ReadStats({.filter = kAll}, NeverStopped);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->all.input_tokens, std::numeric_limits<std::int64_t>::max());
}

TEST_F(LogReaderTest, ThereAreAtMostAThousandGroupsAndTheTotalCountsAll) {
  std::vector<Record> rows = random_.Next(1500);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].model = "m" + std::to_string(i / 2 * (i % 2));
  Write(rows);
  const auto stats = reader_->ReadStats({.filter = kAll, .group_by = GroupBy::kModel}, NeverStopped);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->groups.size(), 750u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].correlation_id += "-again";
    rows[i].model = "n" + std::to_string(i);
  }
  Write(rows);
  const auto more = reader_->ReadStats({.filter = kAll, .group_by = GroupBy::kModel}, NeverStopped);
  ASSERT_TRUE(more.ok());
  EXPECT_EQ(more->groups.size(), 1000u);
  EXPECT_EQ(more->groups.front().name, "m0");
  EXPECT_EQ(more->all.total, 3000);
}

TEST_F(LogReaderTest, ADeepPageIsRightWhereASegmentEndsInTheMillisecondInWhichTheNextBegins) {
  Open({.rows_rolled_up = 300});
  std::vector<Record> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back(RowNamed(std::to_string(i)));
    rows.back().timestamp = At(i < 300 ? i : i - 1);
  }
  Write(rows);
  MaintainAll(*sink_, At(0));
  const Page page = ReadPage({.filter = kAll, .descending = false, .page = 4, .per_page = 100});
  ASSERT_EQ(page.rows.size(), 100u);
  EXPECT_EQ(page.rows.front().id, 301);
  EXPECT_EQ(page.rows.back().id, 400);
}

TEST_F(LogReaderTest, ALockOfAnotherProcessDoesNotStopReading) {
  Write(random_.Next(15));
  const SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE; DELETE FROM requests").ok());
  EXPECT_EQ(Total(), 15);
  EXPECT_EQ(ReadPage().rows.size(), 15u);
}

TEST_F(LogReaderTest, ReadingInTheMiddleOfWritingSeesWholeBatchesAndLeavesTheWriterAlone) {
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int batch = 0; batch < 300; ++batch) {
      EXPECT_TRUE(sink_->Write(random_.Next(7)).ok()) << "no reader makes it wait";
      EXPECT_TRUE(sink_->Maintain(At(0)).ok());
    }
    done = true;
  });
  std::int64_t last = 0;
  while (!done) {
    const std::int64_t total = Total();
    EXPECT_EQ(total % 7, 0);
    EXPECT_GE(total, last);
    last = total;
  }
  writer.join();
  EXPECT_EQ(Total(), 2100);
}

TEST_F(LogReaderTest, AStoppedQuestionIsCancelledAndTheNextIsAnswered) {
  Write(random_.Next(25));
  const auto stopped = [] { return true; };
  EXPECT_EQ(reader_->ReadPage({.filter = kAll}, stopped).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(reader_->ReadStats({.filter = kAll}, stopped).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(Total(), 25);
}

TEST_F(LogReaderTest, AQuestionThatRunsOutOfMemoryHoldsUpNeitherTheNextNorTheWriteAheadLog) {
  Write(random_.Next(25));
  const auto throwing = []() -> bool { throw std::bad_alloc(); };
  EXPECT_THROW(static_cast<void>(reader_->ReadPage({.filter = kAll}, throwing)), std::bad_alloc);
  EXPECT_THROW(static_cast<void>(reader_->ReadStats({.filter = kAll}, throwing)), std::bad_alloc);
  Write(random_.Next(1));
  EXPECT_EQ(database_.Query("PRAGMA wal_checkpoint(TRUNCATE)"), "0") << "nobody reads an older state";
  EXPECT_EQ(Total(), 26);
}

TEST_F(LogReaderTest, ABrokenSegmentIsAnErrorNotAnAnswer) {
  Write(random_.Next(10));
  MaintainAll(*sink_, At(0));
  database_.Execute("UPDATE segments SET latencies = x'ff'");
  EXPECT_EQ(reader_->ReadStats({.filter = kAll}, NeverStopped).status().code(), absl::StatusCode::kDataLoss);
  // What the documentation tells to do then.
  database_.Execute("DELETE FROM segments; UPDATE rolled_up SET up_to_id = 0");
  EXPECT_EQ(Total(), 10);
}

TEST_F(LogReaderTest, AReaderMakesNoDatabase) {
  const auto missing = LogReader::Open(database_.folder() + "/missing.db");
  EXPECT_NE(std::string(missing.status().message()).find("missing.db"), std::string::npos)
      << missing.status();
  EXPECT_FALSE(std::filesystem::exists(database_.folder() + "/missing.db"));
}

}  // namespace
}  // namespace arbstr::request_log
