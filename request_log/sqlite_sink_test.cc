#include "request_log/sqlite_sink.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

constexpr auto kGroup = SqliteDurability::kGroup;

class SqliteSinkTest : public testing::Test {
 protected:
  std::unique_ptr<Sink> Open() {
    auto sink = OpenSqlite(database_.path(), kGroup);
    EXPECT_TRUE(sink.ok()) << sink.status();
    return sink.ok() ? *std::move(sink) : nullptr;
  }
  absl::Status Write(const std::vector<Record>& records) { return Open()->Write(records); }
  std::string OpenError(const std::string& path) {
    return std::string(OpenSqlite(path, kGroup).status().message());
  }
  std::string Stored(const std::string& columns) {
    return database_.Query("SELECT concat FROM (SELECT " + columns + " AS concat FROM requests)");
  }

  TemporaryDatabase database_;
};

TEST_F(SqliteSinkTest, EveryColumnIsStoredAsGiven) {
  Record record;
  record.correlation_id = "0190-id";
  record.timestamp =
      std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + std::chrono::milliseconds(43'200'123);
  record.model = "gpt-4o";
  record.provider = "alpha";
  record.policy = "code";
  record.streaming = true;
  record.input_tokens = std::numeric_limits<std::int64_t>::max();
  record.output_tokens = 0;
  record.cost_sats = 1.25;
  record.provider_cost_sats = 0.5;
  record.latency_ms = 17;
  record.stream_duration_ms = 2500;
  record.success = true;
  record.error_status = 502;
  record.error_message = "it's \"cut\"; DROP TABLE requests";
  record.attempts = 3;
  record.retries = "2/alpha, 1/beta";
  record.attempt_log = R"([{"provider":"alpha"}])";
  ASSERT_TRUE(Write({record}).ok());
  EXPECT_EQ(
      Stored("id || '|' || correlation_id || '|' || timestamp || '|' || model || '|' || provider || '|' || "
             "policy || '|' || streaming || '|' || input_tokens || '|' || output_tokens || '|' || cost_sats"),
      "1|0190-id|2026-01-31T12:00:00.123Z|gpt-4o|alpha|code|1|9223372036854775807|0|1.25");
  EXPECT_EQ(
      Stored(
          "provider_cost_sats || '|' || latency_ms || '|' || stream_duration_ms || '|' || success || '|' || "
          "error_status || '|' || error_message || '|' || attempts || '|' || retries || '|' || attempt_log"),
      "0.5|17|2500|1|502|it's \"cut\"; DROP TABLE requests|3|2/alpha, 1/beta|[{\"provider\":\"alpha\"}]");
}

TEST_F(SqliteSinkTest, WhatIsAbsentIsNull) {
  ASSERT_TRUE(Write({RowNamed("a")}).ok());
  EXPECT_EQ(Stored("coalesce(provider, policy, input_tokens, output_tokens, cost_sats, provider_cost_sats, "
                   "stream_duration_ms, error_status, error_message, retries, attempt_log, 'all null')"),
            "all null");
  EXPECT_EQ(Stored("streaming || latency_ms || success || attempts"), "0000");
}

TEST_F(SqliteSinkTest, TextThatIsNotValidUtf8IsStoredReadably) {
  Record record = RowNamed("a");
  record.error_message = std::string("bad \xFF and \0 end", 15);
  ASSERT_TRUE(Write({record}).ok());
  EXPECT_EQ(Stored("error_message"), "bad \xEF\xBF\xBD and \xEF\xBF\xBD end");
  EXPECT_EQ(Stored("typeof(error_message)"), "text");
}

TEST_F(SqliteSinkTest, ARowThatIsThereAlreadyIsNoErrorAndStaysAsItIs) {
  Record changed = RowNamed("a");
  changed.model = "other";
  ASSERT_TRUE(Write({RowNamed("a")}).ok());
  ASSERT_TRUE(Write({changed, RowNamed("b"), RowNamed("b")}).ok());
  EXPECT_EQ(database_.Query("SELECT group_concat(correlation_id || model) FROM requests"), "agpt-4o,bgpt-4o");
}

TEST_F(SqliteSinkTest, ALargeBatchIsWrittenWhole) {
  std::vector<Record> records;
  for (int i = 0; i < 5'000; ++i) records.push_back(RowNamed(std::to_string(i)));
  ASSERT_TRUE(Write(records).ok());
  EXPECT_EQ(database_.Query("SELECT count(*) || max(id) FROM requests"), "50005000");
}

TEST_F(SqliteSinkTest, AFailureInTheMiddleOfABatchLeavesNoneOfItAndTheSinkUsable) {
  auto sink = Open();
  database_.Execute(
      "CREATE TRIGGER no_c BEFORE INSERT ON requests WHEN new.correlation_id = 'c' "
      "BEGIN SELECT raise(FAIL, 'disk trouble'); END");
  const std::vector<Record> records = {RowNamed("a"), RowNamed("b"), RowNamed("c")};
  const absl::Status failed = sink->Write(records);
  EXPECT_NE(std::string(failed.message()).find("disk trouble"), std::string::npos) << failed;
  EXPECT_EQ(database_.Query("SELECT count(*) FROM requests"), "0");
  database_.Execute("DROP TRIGGER no_c");
  EXPECT_TRUE(sink->Write(records).ok());
  EXPECT_EQ(database_.Query("SELECT count(*) FROM requests"), "3");
}

TEST_F(SqliteSinkTest, ALockedDatabaseIsUnavailableAndTakesTheBatchLater) {
  auto sink = Open();
  const SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE").ok());
  const std::vector<Record> records = {RowNamed("a")};
  EXPECT_EQ(sink->Write(records).code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(Execute(other.get(), "ROLLBACK").ok());
  EXPECT_TRUE(sink->Write(records).ok());
  EXPECT_EQ(database_.Query("SELECT count(*) FROM requests"), "1");
}

TEST_F(SqliteSinkTest, AReaderInTheMiddleOfItsTransactionDoesNotStopTheWriter) {
  auto sink = Open();
  const SqliteConnection reader = database_.Connect();
  ASSERT_TRUE(Execute(reader.get(), "BEGIN; SELECT count(*) FROM requests").ok());
  EXPECT_TRUE(sink->Write(std::vector<Record>{RowNamed("a")}).ok());
  EXPECT_EQ(*QueryText(reader.get(), "SELECT count(*) FROM requests"), "0");
}

TEST_F(SqliteSinkTest, TheDatabaseIsInWalMode) {
  auto sink = Open();
  EXPECT_EQ(database_.Query("PRAGMA journal_mode"), "wal");
  ASSERT_TRUE(sink->Write(std::vector<Record>{RowNamed("a")}).ok());
  EXPECT_GT(std::filesystem::file_size(database_.path() + "-wal"), 0u);
}

TEST_F(SqliteSinkTest, AReopenedDatabaseKeepsItsRowsAndTakesMore) {
  ASSERT_TRUE(Write({RowNamed("a")}).ok());
  auto sink = OpenSqlite(database_.path(), SqliteDurability::kBeforeResponse);
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE((*sink)->Write(std::vector<Record>{RowNamed("b")}).ok());
  EXPECT_EQ(database_.Query("SELECT group_concat(id || correlation_id) FROM requests"), "1a,2b");
}

TEST_F(SqliteSinkTest, WhoOpensANewDatabaseWaitsForOthersThatDoSo) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { EXPECT_TRUE(Open()); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Write({RowNamed("a")}).ok());
}

TEST_F(SqliteSinkTest, AnEmptyBatchIsWritten) { EXPECT_TRUE(Write({}).ok()); }

TEST_F(SqliteSinkTest, AFileThatCannotBeOpenedIsAnErrorWithPathAndReason) {
  const std::string path = database_.folder() + "/missing/arbstr.db";
  EXPECT_EQ(OpenError(path), "cannot open the request log \"" + path +
                                 "\": unable to open database file (No such file or directory)");
  EXPECT_NE(OpenError(database_.folder()).find("unable to open"), std::string::npos);
  EXPECT_NE(OpenError("").find("is empty"), std::string::npos);
}

// Permissions of files hold for this thread while it lives, root's too (capabilities(7)).
class WithoutPrivilege {
 public:
  WithoutPrivilege() {
    EXPECT_EQ(::syscall(SYS_capget, &header_, had_), 0);
    __user_cap_data_struct less[2] = {had_[0], had_[1]};
    less[0].effective &= ~(1U << CAP_DAC_OVERRIDE);
    EXPECT_EQ(::syscall(SYS_capset, &header_, less), 0);
  }
  ~WithoutPrivilege() { EXPECT_EQ(::syscall(SYS_capset, &header_, had_), 0); }
  WithoutPrivilege(const WithoutPrivilege&) = delete;
  WithoutPrivilege& operator=(const WithoutPrivilege&) = delete;

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct had_[2]{};
};

// As in a container whose volume belongs to somebody else.
TEST_F(SqliteSinkTest, AFolderThatIsNotOursToWriteToIsTheReasonThatIsGiven) {
  const std::string folder = database_.folder() + "/others";
  ASSERT_TRUE(std::filesystem::create_directory(folder));
  ASSERT_EQ(::chmod(folder.c_str(), 0555), 0);
  std::string error;
  {
    const WithoutPrivilege like_anybody;
    error = OpenError(folder + "/arbstr.db");
  }
  EXPECT_EQ(error, "cannot open the request log \"" + folder +
                       "/arbstr.db\": no permission to make files in " + folder);
}

TEST_F(SqliteSinkTest, AFileThatIsNoDatabaseIsRefusedAndUntouched) {
  const std::string text(4096, 'x');
  std::ofstream(database_.path()) << text;
  EXPECT_NE(OpenError(database_.path()).find("file is not a database"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(database_.path()), text.size());
}

TEST_F(SqliteSinkTest, ADatabaseInMemoryIsRefusedSinceItsRowsWouldBeLost) {
  EXPECT_NE(OpenError(":memory:").find("WAL mode is not possible"), std::string::npos);
}

TEST_F(SqliteSinkTest, ANewerSchemaIsRefusedWithThePath) {
  ASSERT_TRUE(Write({}).ok());
  database_.Execute("PRAGMA user_version = 7");
  const std::string error = OpenError(database_.path());
  EXPECT_NE(error.find(database_.path()), std::string::npos) << error;
  EXPECT_NE(error.find("a newer arbstr wrote it"), std::string::npos) << error;
}

}  // namespace
}  // namespace arbstr::request_log
