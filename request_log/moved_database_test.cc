// A database that is moved away or removed while the gateway runs: no row goes where nobody finds it.
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

const RowFilter kAll{At(0), At(std::numeric_limits<std::int64_t>::max()), {}, {}, {}, {}};
constexpr const char* kIds =
    "SELECT group_concat(correlation_id) FROM (SELECT correlation_id FROM requests ORDER BY id)";

class MovedDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    auto sink = OpenSqlite(path(), SqliteDurability::kGroup, {}, gate_);
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
    auto reader = LogReader::Open(path(), gate_);
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader_ = *std::move(reader);
    ASSERT_TRUE(sink_->Write(std::vector{RowNamed("old")}).ok());
  }
  std::string path() const { return database_.path(); }
  std::string Beside(const std::string& name) const { return database_.folder() + "/" + name; }

  // As the log's writer does: what was refused is written again.
  void WriteTwice(const std::string& id) {
    const std::vector<Record> rows = {RowNamed(id)};
    const absl::Status status = sink_->Write(rows);
    EXPECT_NE(status.ToString().find("has been moved or removed"), std::string::npos) << status;
    const absl::Status again = sink_->Write(rows);
    EXPECT_TRUE(again.ok()) << again;
  }
  // Somebody who reads the database as it is, while `id` is written.
  SqliteConnection ReadsTheStateBefore(const std::string& id) {
    SqliteConnection other = database_.Connect();
    EXPECT_TRUE(Execute(other.get(), "BEGIN; SELECT count(*) FROM requests").ok());
    EXPECT_TRUE(sink_->Write(std::vector{RowNamed(id)}).ok());
    return other;
  }
  void ExpectHeldUp() {
    const absl::Status status = sink_->Write(std::vector{RowNamed("new")});
    EXPECT_NE(status.ToString().find("an older state of it is being read"), std::string::npos) << status;
    EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
  }
  std::int64_t Total() {
    const auto stats = reader_->ReadStats({.filter = kAll}, NeverStopped);
    EXPECT_TRUE(stats.ok()) << stats.status();
    return stats.ok() ? stats->all.total : -1;
  }
  std::string IdsIn(const std::string& file) const {
    const auto db = OpenConnection(file);
    if (!db.ok()) return db.status().ToString();
    const auto intact = QueryText(db->get(), "PRAGMA integrity_check");
    EXPECT_TRUE(intact.ok() && *intact == "ok");
    const auto ids = QueryText(db->get(), kIds);
    return ids.ok() ? *ids : ids.status().ToString();
  }

  TemporaryDatabase database_;
  const std::shared_ptr<ReaderGate> gate_ = std::make_shared<ReaderGate>();
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<LogReader> reader_;
};

TEST_F(MovedDatabaseTest, OneThatIsRemovedIsMadeAnew) {
  std::filesystem::remove(path());
  EXPECT_EQ(Total(), 1) << "until the writer knows";
  WriteTwice("new");
  EXPECT_EQ(Total(), 1);
  EXPECT_EQ(IdsIn(path()), "new");
  ASSERT_TRUE(sink_->Write(std::vector{RowNamed("newer")}).ok());
  EXPECT_EQ(Total(), 2);
}

TEST_F(MovedDatabaseTest, WhereNoRowsComeUpkeepFollows) {
  std::filesystem::rename(path(), Beside("archive.db"));
  const auto now = std::chrono::system_clock::now();
  EXPECT_FALSE(sink_->Maintain(now).ok()) << "which is said";
  EXPECT_TRUE(sink_->Maintain(now).ok());
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
  EXPECT_EQ(Total(), 0);
}

TEST_F(MovedDatabaseTest, OneThatIsMovedTakesItsRowsAlong) {
  std::filesystem::rename(path(), Beside("archive.db"));
  WriteTwice("new");
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
  EXPECT_EQ(IdsIn(path()), "new");
  EXPECT_EQ(Total(), 1);
}

TEST_F(MovedDatabaseTest, OneThatIsMovedBeforeTheEndTakesItsRowsAlong) {
  std::filesystem::rename(path(), Beside("archive.db"));
  reader_.reset();
  sink_.reset();
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

// Its reader may not keep the first one open, or the writer would meet what it has removed itself.
TEST_F(MovedDatabaseTest, OneThatComesBackIsOpenedAnew) {
  std::filesystem::rename(path(), Beside("away.db"));
  WriteTwice("between");
  std::filesystem::rename(path(), Beside("between.db"));
  std::filesystem::rename(Beside("away.db"), path());
  WriteTwice("back");
  EXPECT_TRUE(std::filesystem::exists(path() + "-shm")) << "which others share with it";
  EXPECT_EQ(Total(), 2);
  EXPECT_EQ(IdsIn(path()), "old,back");
  EXPECT_EQ(IdsIn(Beside("between.db")), "between");
}

// What is at the path may be another one again by the time of the next question.
TEST_F(MovedDatabaseTest, WhatTheWriterDoesNotHaveIsNotRead) {
  {
    auto other = OpenSqlite(Beside("other.db"), SqliteDurability::kGroup);
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE((*other)->Write(std::vector{RowNamed("a"), RowNamed("b"), RowNamed("c")}).ok());
  }
  std::filesystem::rename(path(), Beside("away.db"));
  WriteTwice("new");
  std::filesystem::rename(Beside("other.db"), path());
  EXPECT_FALSE(reader_->ReadStats({.filter = kAll}, NeverStopped).ok());
  WriteTwice("newer");
  EXPECT_EQ(Total(), 4);
}

TEST_F(MovedDatabaseTest, AllItsFilesMayGoTogether) {
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path() + suffix, Beside("archive.db" + suffix));
  }
  EXPECT_EQ(Total(), 1) << "until there is a next one";
  WriteTwice("new");
  ASSERT_TRUE(sink_->Write(std::vector{RowNamed("newer")}).ok());
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
  EXPECT_EQ(IdsIn(path()), "new,newer");
  EXPECT_EQ(Total(), 2);
}

// Another arbstr may be quicker, and what it has written may be in its log alone.
TEST_F(MovedDatabaseTest, TheFilesBesideTheNextOneAreNotRemoved) {
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path() + suffix, Beside("archive.db" + suffix));
  }
  auto other = OpenSqlite(path(), SqliteDurability::kGroup);
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE((*other)->Write(std::vector{RowNamed("other")}).ok());
  WriteTwice("new");
  EXPECT_EQ(IdsIn(path()), "other,new");
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
}

TEST_F(MovedDatabaseTest, ItIsLeftAlsoWhereNobodyReads) {
  reader_.reset();
  std::filesystem::rename(path(), Beside("archive.db"));
  WriteTwice("new");
  EXPECT_EQ(IdsIn(path()), "new");
}

// The write-ahead log that stays behind is not replayed into another database.
TEST_F(MovedDatabaseTest, OneThatIsReplacedGoesOnWithWhatIsThere) {
  {
    auto other = OpenSqlite(Beside("backup.db"), SqliteDurability::kGroup);
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE((*other)->Write(std::vector{RowNamed("saved"), RowNamed("too")}).ok());
  }
  std::filesystem::rename(Beside("backup.db"), path());
  WriteTwice("new");
  EXPECT_EQ(IdsIn(path()), "saved,too,new");
  EXPECT_EQ(Total(), 3);
}

TEST_F(MovedDatabaseTest, OneThatIsMovedIsNotLeftBeforeItsRowsCanFollow) {
  const SqliteConnection other = ReadsTheStateBefore("newer");
  std::filesystem::rename(path(), Beside("archive.db"));
  for (int i = 0; i < 2; ++i) ExpectHeldUp();
  EXPECT_EQ(Total(), 2) << "it can still be read";
  ASSERT_TRUE(Execute(other.get(), "ROLLBACK").ok());
  WriteTwice("new");
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old,newer");
  EXPECT_EQ(IdsIn(path()), "new");
  EXPECT_EQ(Total(), 1);
}

TEST_F(MovedDatabaseTest, OneThatComesBackBeforeItsRowsCouldFollowGoesOn) {
  const SqliteConnection other = ReadsTheStateBefore("newer");
  std::filesystem::rename(path(), Beside("archive.db"));
  ExpectHeldUp();
  std::filesystem::rename(Beside("archive.db"), path());
  ASSERT_TRUE(sink_->Write(std::vector{RowNamed("new")}).ok());
  EXPECT_EQ(Total(), 3);
  EXPECT_EQ(IdsIn(path()), "old,newer,new");
}

TEST_F(MovedDatabaseTest, WhoReadsItsNewestStateHoldsUpNothing) {
  const SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN; SELECT count(*) FROM requests").ok());
  std::filesystem::rename(path(), Beside("archive.db"));
  WriteTwice("new");
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old");
  EXPECT_EQ(IdsIn(path()), "new");
}

TEST_F(MovedDatabaseTest, WhoReadsOneThatIsRemovedHoldsUpNothing) {
  const SqliteConnection other = ReadsTheStateBefore("newer");
  std::filesystem::remove(path());
  WriteTwice("new");
  EXPECT_EQ(IdsIn(path()), "new");
}

TEST_F(MovedDatabaseTest, AtTheEndWhatCouldNotFollowIsKept) {
  SqliteConnection other = ReadsTheStateBefore("newer");
  std::filesystem::rename(path(), Beside("archive.db"));
  reader_.reset();
  sink_.reset();
  other.reset();
  const auto opened = OpenSqlite(path(), SqliteDurability::kGroup);
  EXPECT_NE(opened.status().ToString().find("follow the database"), std::string::npos) << opened.status();
  EXPECT_FALSE(std::filesystem::exists(path())) << "SQLite would remove the log of an empty database";
  for (const std::string suffix : {"-wal", "-shm"}) {
    std::filesystem::rename(path() + suffix, Beside("archive.db" + suffix));
  }
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old,newer");
  EXPECT_TRUE(OpenSqlite(path(), SqliteDurability::kGroup).ok());
}

TEST_F(MovedDatabaseTest, AtTheEndWhatCouldNotFollowIsKeptFromTheNextOne) {
  SqliteConnection other = ReadsTheStateBefore("newer");
  {
    auto next = OpenSqlite(Beside("backup.db"), SqliteDurability::kGroup);
    ASSERT_TRUE(next.ok());
    ASSERT_TRUE((*next)->Write(std::vector{RowNamed("saved")}).ok());
  }
  std::filesystem::rename(path(), Beside("archive.db"));
  std::filesystem::rename(Beside("backup.db"), path());
  ExpectHeldUp();
  reader_.reset();
  sink_.reset();
  other.reset();
  EXPECT_EQ(IdsIn(path()), "saved");
  for (const auto& file : std::filesystem::directory_iterator(database_.folder())) {
    if (file.path().string().starts_with(path() + "-wal.moved-")) {
      std::filesystem::rename(file.path(), Beside("archive.db-wal"));
    }
  }
  EXPECT_EQ(IdsIn(Beside("archive.db")), "old,newer");
}

TEST_F(MovedDatabaseTest, UntilTheNextOneCanBeMadeNothingIsWritten) {
  std::filesystem::rename(database_.folder(), database_.folder() + ".away");
  const std::vector<Record> rows = {RowNamed("new")};
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(sink_->Write(rows).ok());
  EXPECT_FALSE(sink_->Maintain(std::chrono::system_clock::now()).ok());
  std::filesystem::rename(database_.folder() + ".away", database_.folder());
  EXPECT_TRUE(sink_->Write(rows).ok());
  EXPECT_EQ(IdsIn(path()), "old,new");
  EXPECT_EQ(Total(), 2);
}

}  // namespace
}  // namespace arbstr::request_log
