// What the sink does between writes: segments of new rows, the rows of a former version's database among
// them, and the deletion of old rows.

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

constexpr std::int64_t kDay = 86'400'000;
const RowFilter kAll{At(-1), At(1000 * kDay), {}, {}, {}, {}};

class UpkeepTest : public testing::Test {
 protected:
  std::unique_ptr<Sink> Open(SqliteUpkeepOptions upkeep) {
    auto sink = OpenSqlite(database_.path(), SqliteDurability::kGroup, upkeep);
    EXPECT_TRUE(sink.ok()) << sink.status();
    return sink.ok() ? *std::move(sink) : nullptr;
  }
  std::int64_t Total(const RowFilter& filter = kAll) {
    auto reader = LogReader::Open(database_.path());
    EXPECT_TRUE(reader.ok()) << reader.status();
    const auto page = (*reader)->ReadPage({.filter = filter}, NeverStopped);
    const auto stats = (*reader)->ReadStats({.filter = filter}, NeverStopped);
    EXPECT_TRUE(page.ok() && stats.ok()) << page.status() << stats.status();
    if (!page.ok() || !stats.ok()) return -1;
    EXPECT_EQ(page->total, stats->all.total);
    EXPECT_EQ(static_cast<std::int64_t>(page->rows.size()), std::min<std::int64_t>(page->total, 50));
    return page->total;
  }
  std::string Query(const std::string& sql) { return database_.Query(sql); }

  TemporaryDatabase database_;
};

TEST_F(UpkeepTest, NewRowsGoIntoSegmentsOnceThereAreEnough) {
  auto sink = Open({.rows_rolled_up = 100});
  RandomRows random(1, At(0), At(kDay));
  ASSERT_TRUE(sink->Write(random.Next(99)).ok());
  MaintainAll(*sink, At(kDay));
  EXPECT_EQ(Query("SELECT count(*) FROM segments"), "0");
  ASSERT_TRUE(sink->Write(random.Next(51)).ok());
  MaintainAll(*sink, At(kDay));
  EXPECT_EQ(Query("SELECT sum(rows) FROM segments"), "100");
  EXPECT_EQ(Query("SELECT up_to_id FROM rolled_up"), "100");
  EXPECT_EQ(Total(), 150);
}

TEST_F(UpkeepTest, RowsThatWaitedWhenTheProgramEndedAreNotForgotten) {
  RandomRows random(1, At(0), At(kDay));
  ASSERT_TRUE(Open({.rows_rolled_up = 100})->Write(random.Next(250)).ok());
  auto sink = Open({.rows_rolled_up = 100});
  MaintainAll(*sink, At(kDay));
  EXPECT_EQ(Query("SELECT sum(rows) FROM segments"), "200");
  EXPECT_EQ(Total(), 250);
}

TEST_F(UpkeepTest, NewRowsAreRolledUpThoughTheProgramBeganWithNoneLeft) {
  const SqliteUpkeepOptions options{.retention_days = 1, .rows_rolled_up = 10};
  RandomRows random(1, At(0), At(1000));
  {
    auto sink = Open(options);
    ASSERT_TRUE(sink->Write(random.Next(200)).ok());
    MaintainAll(*sink, At(3 * kDay));
    ASSERT_EQ(Total(), 0);
  }
  auto sink = Open(options);
  ASSERT_TRUE(sink->Write(random.Next(20)).ok());
  EXPECT_TRUE(*sink->Maintain(At(kDay)));
  EXPECT_EQ(Query("SELECT sum(rows) FROM segments"), "10");
  MaintainAll(*sink, At(3 * kDay));
  EXPECT_EQ(Total(), 0) << "and deleted once they are old";
}

// The file as version 1 of the schema left it.
constexpr const char* kVersion1 =
    "CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, correlation_id TEXT NOT NULL UNIQUE, "
    "timestamp TEXT NOT NULL, model TEXT NOT NULL, provider TEXT, policy TEXT, streaming INTEGER NOT NULL, "
    "input_tokens INTEGER, output_tokens INTEGER, cost_sats REAL, provider_cost_sats REAL, latency_ms "
    "INTEGER "
    "NOT NULL, stream_duration_ms INTEGER, success INTEGER NOT NULL, error_status INTEGER, error_message "
    "TEXT, "
    "attempts INTEGER NOT NULL, retries TEXT, attempt_log TEXT); PRAGMA user_version = 1; "
    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
    "INSERT INTO requests (correlation_id, timestamp, model, provider, streaming, input_tokens, cost_sats, "
    "latency_ms, success, attempts) SELECT 'old-' || i, '1970-01-02T00:00:00.' || printf('%03d', i - 1) || "
    "'Z', "
    "'m', 'alpha', 0, i, 0.5, i, 1, 1 FROM n";

TEST_F(UpkeepTest, ADatabaseOfTheFormerVersionIsReadAtOnceAndRolledUpInSteps) {
  database_.Execute(kVersion1);
  auto sink = Open({.rows_rolled_up = 300});
  EXPECT_EQ(Query("SELECT count(*) FROM segments"), "0");
  EXPECT_EQ(Total(), 1000) << "before anything is rolled up";
  for (const char* up_to : {"300", "600", "900"}) {
    ASSERT_TRUE(sink->Maintain(At(kDay)).ok());
    EXPECT_EQ(Query("SELECT up_to_id FROM rolled_up"), up_to);
    EXPECT_EQ(Total(), 1000);
  }
  const auto more = sink->Maintain(At(kDay));
  ASSERT_TRUE(more.ok());
  EXPECT_FALSE(*more);
  auto reader = LogReader::Open(database_.path());
  ASSERT_TRUE(reader.ok());
  RowFilter half = kAll;
  half.since = At(kDay + 500);
  const auto stats = (*reader)->ReadStats({.filter = half}, NeverStopped);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->all.total, 500);
  EXPECT_EQ(stats->all.input_tokens, 500 * (501 + 1000) / 2);
  EXPECT_EQ(stats->all.cost_sats, 250);
  EXPECT_EQ(stats->all.p50_latency_ms, 750);
}

TEST_F(UpkeepTest, WithoutRetentionNothingIsEverDeleted) {
  auto sink = Open({.rows_rolled_up = 10});
  ASSERT_TRUE(sink->Write(RandomRows(1, At(0), At(kDay)).Next(100)).ok());
  MaintainAll(*sink, At(100'000 * kDay));
  EXPECT_EQ(Total(), 100);
}

TEST_F(UpkeepTest, RowsOlderThanRetentionAreDeletedInSmallStepsAndTheOthersStay) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomRows random(seed, At(0), At(10 * kDay));
  auto sink = Open({.retention_days = 3, .rows_rolled_up = 64, .rows_pruned = 5});
  const std::vector<Record> rows = random.Next(500);
  ASSERT_TRUE(sink->Write(rows).ok());
  std::int64_t kept = 0;
  double cost = 0;
  for (const Record& row : rows) {
    if (row.timestamp < At(7 * kDay)) continue;
    ++kept;
    cost += row.cost_sats.value_or(0);
  }
  std::int64_t last = 500;
  for (bool more = true; more;) {
    const auto maintained = sink->Maintain(At(10 * kDay));
    ASSERT_TRUE(maintained.ok()) << maintained.status();
    more = *maintained;
    const std::int64_t total = Total();
    EXPECT_LE(last - total, 5) << "a step deletes few rows, and a reader in between sees a whole log";
    EXPECT_EQ(Query("SELECT count(*) FROM requests"), std::to_string(total));
    last = total;
  }
  EXPECT_EQ(last, kept);
  RowFilter old = kAll;
  old.until = At(7 * kDay);
  EXPECT_EQ(Total(old), 0);
  EXPECT_EQ(Query("SELECT count(*) FROM requests WHERE timestamp < '1970-01-08'"), "0");
  auto reader = LogReader::Open(database_.path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ((*reader)->ReadStats({.filter = kAll}, NeverStopped)->all.cost_sats, cost);
}

TEST_F(UpkeepTest, RowsThatAreWrittenWhileOldOnesAreDeletedWaitForMoreOfThem) {
  auto sink = Open({.retention_days = 1, .rows_rolled_up = 100, .rows_pruned = 5});
  RandomRows random(1, At(0), At(1000));
  ASSERT_TRUE(sink->Write(random.Next(150)).ok());
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(sink->Maintain(At(3 * kDay)).ok());
    Record row = RowNamed("new-" + std::to_string(i));
    row.timestamp = At(3 * kDay);
    ASSERT_TRUE(sink->Write(std::vector{row}).ok());
  }
  EXPECT_LT(Total(), 150 + 12) << "it has begun";
  MaintainAll(*sink, At(3 * kDay));
  EXPECT_EQ(Total(), 12) << "those that waited when it began are deleted too";
  EXPECT_LE(std::stoi(Query("SELECT count(*) FROM segments")), 1);
}

TEST_F(UpkeepTest, OldRowsAreLookedForEachHour) {
  auto sink = Open({.retention_days = 1});
  ASSERT_TRUE(sink->Write(RandomRows(1, At(0), At(1000)).Next(20)).ok());
  MaintainAll(*sink, At(kDay));
  EXPECT_EQ(Total(), 20);
  MaintainAll(*sink, At(kDay + 1'800'000));
  EXPECT_EQ(Total(), 20) << "half an hour later";
  MaintainAll(*sink, At(kDay + 3'600'000));
  EXPECT_EQ(Total(), 0);
}

TEST_F(UpkeepTest, OldRowsAreLookedForThoughTheClockWasYearsAheadAtFirst) {
  auto sink = Open({.retention_days = 30});
  MaintainAll(*sink, At(3650 * kDay));
  ASSERT_TRUE(sink->Write(RandomRows(1, At(0), At(1000)).Next(20)).ok());
  MaintainAll(*sink, At(kDay));
  EXPECT_EQ(Total(), 20);
  MaintainAll(*sink, At(60 * kDay));
  EXPECT_EQ(Total(), 0);
}

TEST_F(UpkeepTest, ALockedDatabaseDelaysUpkeepAndLosesNothing) {
  auto sink = Open({.retention_days = 1, .rows_rolled_up = 10});
  ASSERT_TRUE(sink->Write(RandomRows(1, At(0), At(1000)).Next(20)).ok());
  const SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE").ok());
  EXPECT_EQ(sink->Maintain(At(3 * kDay)).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(Execute(other.get(), "ROLLBACK").ok());
  EXPECT_EQ(Total(), 20);
  MaintainAll(*sink, At(3 * kDay));
  EXPECT_EQ(Total(), 0);
}

}  // namespace
}  // namespace arbstr::request_log
