// Batches as the sink inserts them, each with one statement, read back as rows.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "request_log/record_columns.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

constexpr std::int64_t kDay = 86'400'000;

template <typename T>
std::string Text(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : "NULL";
}

// Every column, in one line.
std::string Line(const Record& row) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", row.correlation_id,
                     row.timestamp.time_since_epoch().count(), row.model, Text(row.provider),
                     Text(row.policy), row.streaming, Text(row.input_tokens), Text(row.output_tokens),
                     Text(row.cost_sats), Text(row.provider_cost_sats), row.latency_ms,
                     Text(row.stream_duration_ms), row.success, Text(row.error_status),
                     Text(row.error_message), row.attempts, Text(row.retries), Text(row.attempt_log));
}

class BatchTableTest : public testing::Test {
 protected:
  std::unique_ptr<Sink> Open() {
    auto sink = OpenSqlite(database_.path(), SqliteDurability::kGroup, {.rows_rolled_up = 100});
    EXPECT_TRUE(sink.ok()) << sink.status();
    return sink.ok() ? *std::move(sink) : nullptr;
  }
  // All rows in order of id.
  std::vector<std::string> Stored() {
    std::vector<std::string> lines;
    const SqliteConnection db = database_.Connect();
    const absl::StatusOr<SqliteStatement> ids = Prepare(db.get(), "SELECT id FROM requests ORDER BY id");
    const absl::StatusOr<SqliteStatement> row = Prepare(db.get(), SelectRecord());
    EXPECT_TRUE(ids.ok() && row.ok()) << ids.status() << row.status();
    while (ids.ok() && row.ok() && sqlite3_step(ids->get()) == SQLITE_ROW) {
      const RunningStatement run(row->get());
      sqlite3_bind_int64(run.get(), 1, sqlite3_column_int64(ids->get(), 0));
      EXPECT_EQ(sqlite3_step(run.get()), SQLITE_ROW);
      lines.push_back(Line(ReadRecord(run.get()).record));
    }
    return lines;
  }
  std::vector<Record> Rows(std::size_t count) { return random_.Next(count); }
  std::string Count() { return database_.Query("SELECT count(*) FROM requests"); }

  TemporaryDatabase database_;
  RandomRows random_{1, At(0), At(kDay)};
};

TEST_F(BatchTableTest, RandomBatchesWithRepeatedRowsAreStoredOnceAndInOrder) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomRows random(seed, At(0), At(kDay));
  auto sink = Open();
  std::vector<std::string> expected;
  std::set<std::string> known;
  std::vector<Record> all;
  for (int batch = 0; batch < 30; ++batch) {
    std::vector<Record> records;
    for (std::int64_t left = 1 + random.Below(300); left > 0; --left) {
      Record row = random.Next();
      if (random.Below(3) == 0) row.policy = "policy";
      if (random.Below(3) == 0) row.retries = "1/alpha";
      if (random.Below(3) == 0)
        row.attempt_log = std::string(static_cast<std::size_t>(random.Below(9'000)), '[');
      // A row of this batch or a former one again, with other values.
      if (!all.empty() && random.Below(10) == 0) {
        row.correlation_id = all[static_cast<std::size_t>(random.Below(std::ssize(all)))].correlation_id;
      }
      records.push_back(row);
      all.push_back(row);
      if (known.insert(row.correlation_id).second) expected.push_back(Line(row));
    }
    ASSERT_TRUE(sink->Write(records).ok());
    MaintainAll(*sink, At(kDay));
  }
  EXPECT_EQ(Stored(), expected);
}

TEST_F(BatchTableTest, EachSizeOfABatchIsStoredWhole) {
  auto sink = Open();
  std::size_t total = 0;
  for (const std::size_t size : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 299, 300, 1024}) {
    total += size;
    ASSERT_TRUE(sink->Write(Rows(size)).ok());
    EXPECT_EQ(Count(), std::to_string(total));
  }
}

TEST_F(BatchTableTest, ARowWithUnstorableTextIsStoredReadablyAmongItsNeighbours) {
  std::vector<Record> rows = Rows(40);
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Record stored = rows[i];
    if (i == 20) {
      rows[i].correlation_id += "\xFF";
      rows[i].model = std::string("a model\0of a name longer than eight", 35);
      rows[i].error_message = "cut here: \xE2\x82";
      stored.correlation_id += "\xEF\xBF\xBD";
      stored.model = "a model\xEF\xBF\xBDof a name longer than eight";
      stored.error_message = "cut here: \xEF\xBF\xBD\xEF\xBF\xBD";
    }
    expected.push_back(Line(stored));
  }
  ASSERT_TRUE(Open()->Write(rows).ok());
  EXPECT_EQ(Stored(), expected);
}

TEST_F(BatchTableTest, AFailureAnywhereInABatchLeavesNoneOfItAndTheBatchCanBeRepeated) {
  auto sink = Open();
  const std::vector<Record> before = Rows(25);
  const std::vector<Record> batch = Rows(50);
  ASSERT_TRUE(sink->Write(before).ok());
  std::vector<std::string> expected;
  for (const Record& row : before) expected.push_back(Line(row));
  for (const char* how : {"FAIL", "ABORT", "ROLLBACK"}) {
    for (const std::size_t at : {0, 1, 24, 49}) {
      database_.Execute(
          fmt::format("CREATE TRIGGER trouble BEFORE INSERT ON requests WHEN new.correlation_id = '{}' "
                      "BEGIN SELECT raise({}, 'disk trouble'); END",
                      batch[at].correlation_id, how));
      const absl::Status failed = sink->Write(batch);
      EXPECT_NE(std::string(failed.message()).find("disk trouble"), std::string::npos) << how << failed;
      EXPECT_EQ(Stored(), expected) << how << " at " << at;
      database_.Execute("DROP TRIGGER trouble");
    }
  }
  ASSERT_TRUE(sink->Write(batch).ok());
  ASSERT_TRUE(sink->Write(batch).ok()) << "as after a commit whose answer was lost";
  for (const Record& row : batch) expected.push_back(Line(row));
  EXPECT_EQ(Stored(), expected);
}

TEST_F(BatchTableTest, ASchemaThatChangesMeanwhileStopsNothing) {
  auto sink = Open();
  ASSERT_TRUE(sink->Write(Rows(10)).ok());
  database_.Execute("CREATE INDEX by_model ON requests (model)");
  ASSERT_TRUE(sink->Write(Rows(10)).ok());
  database_.Execute("ALTER TABLE requests ADD COLUMN of_a_newer_version TEXT");
  ASSERT_TRUE(sink->Write(Rows(10)).ok());
  EXPECT_EQ(Count(), "30");
  EXPECT_EQ(database_.Query("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace arbstr::request_log
