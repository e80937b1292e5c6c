#include "request_log/schema.h"

#include <gtest/gtest.h>

#include <string>

#include "request_log/temporary_database.h"

namespace arbstr::request_log {
namespace {

class SchemaTest : public testing::Test {
 protected:
  std::string MigrationError() {
    const SqliteConnection db = database_.Connect();
    return db == nullptr ? "no connection" : std::string(Migrate(db.get()).message());
  }
  void ExpectError(const std::string& part) {
    const std::string error = MigrationError();
    EXPECT_NE(error.find(part), std::string::npos) << error;
  }

  TemporaryDatabase database_;
};

TEST_F(SchemaTest, AnEmptyDatabaseIsBroughtToTheVersionOfThisProgram) {
  EXPECT_EQ(MigrationError(), "");
  EXPECT_EQ(SchemaVersion(), 2);
  EXPECT_EQ(database_.Query("PRAGMA user_version"), "2");
}

TEST_F(SchemaTest, TheOnlyIndexIsTheOneOfUniqueCorrelationIds) {
  EXPECT_EQ(MigrationError(), "");
  EXPECT_EQ(database_.Query("SELECT count(*) FROM sqlite_schema WHERE type = 'index'"), "1");
}

TEST_F(SchemaTest, AMigratedDatabaseIsLeftAsItIs) {
  EXPECT_EQ(MigrationError(), "");
  database_.Execute(
      "INSERT INTO requests (correlation_id, timestamp, model, streaming, latency_ms, success, attempts) "
      "VALUES ('a', 't', 'm', 0, 1, 1, 1)");
  EXPECT_EQ(MigrationError(), "");
  EXPECT_EQ(database_.Query("SELECT count(*) FROM requests"), "1");
}

TEST_F(SchemaTest, ANewerVersionIsRefusedAndSaysSo) {
  EXPECT_EQ(MigrationError(), "");
  database_.Execute("PRAGMA user_version = 3");
  ExpectError("its schema is version 3, this program knows 2 at most; a newer arbstr wrote it");
  EXPECT_EQ(database_.Query("PRAGMA user_version"), "3");
}

TEST_F(SchemaTest, ATableOfAnotherShapeIsRefusedAndUntouched) {
  database_.Execute("CREATE TABLE requests (id INTEGER PRIMARY KEY, url TEXT)");
  ExpectError("it has a table \"requests\" but no version of ours");
  EXPECT_EQ(database_.Query("PRAGMA user_version"), "0");
}

TEST_F(SchemaTest, ATableOfAnotherShapeIsRefusedEvenAtOurVersion) {
  for (const char* version : {"1", "2"}) {
    database_.Execute("CREATE TABLE IF NOT EXISTS requests (id INTEGER PRIMARY KEY, url TEXT)");
    database_.Execute(std::string("PRAGMA user_version = ") + version);
    ExpectError("its columns are id,url");
    EXPECT_EQ(database_.Query("SELECT count(*) FROM sqlite_schema"), "1");
    EXPECT_EQ(database_.Query("PRAGMA user_version"), version);
  }
}

TEST_F(SchemaTest, ADatabaseOfAnotherProgramIsRefusedAndUntouched) {
  database_.Execute("CREATE TABLE bookmarks (url TEXT)");
  ExpectError("another program's database: it has a table \"bookmarks\"");
  EXPECT_EQ(database_.Query("SELECT count(*) FROM sqlite_schema"), "1");
  database_.Execute("PRAGMA user_version = 1");
  ExpectError("another program's database: it has no table \"requests\"");
}

TEST_F(SchemaTest, AFailedMigrationLeavesNoTransactionOpen) {
  database_.Execute("CREATE TABLE bookmarks (url TEXT)");
  const SqliteConnection db = database_.Connect();
  EXPECT_FALSE(Migrate(db.get()).ok());
  EXPECT_NE(sqlite3_get_autocommit(db.get()), 0);
}

}  // namespace
}  // namespace arbstr::request_log
