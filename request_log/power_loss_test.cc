// What a power loss may take: rows that SQLite has not told the disk to keep. A killed process does not show
// it, since the system keeps what it wrote.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <memory>
#include <string>

#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

sqlite3_vfs* system_files = nullptr;
sqlite3_io_methods log_methods;
int (*sync_log)(sqlite3_file*, int) = nullptr;
std::atomic<int> syncs = 0;  // of write-ahead logs

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  const int code = system_files->xOpen(system_files, name, file, flags, flags_out);
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
  log_methods = *file->pMethods;
  sync_log = log_methods.xSync;
  log_methods.xSync = [](sqlite3_file* log, int how) {
    ++syncs;
    return sync_log(log, how);
  };
  file->pMethods = &log_methods;
  return code;
}

class PowerLossTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    static sqlite3_vfs counting = *sqlite3_vfs_find(nullptr);
    system_files = sqlite3_vfs_find(nullptr);
    counting.zName = "counting";
    counting.xOpen = Open;
    ASSERT_EQ(sqlite3_vfs_register(&counting, /*makeDflt=*/1), SQLITE_OK);
  }
  // Of the second of two batches: the first begins the log.
  int SyncsOfAWrite(SqliteDurability durability) {
    const TemporaryDatabase database;
    const auto sink = OpenSqlite(database.path(), durability);
    EXPECT_TRUE(sink.ok() && (*sink)->Write(std::vector{RowNamed("a")}).ok());
    const int before = syncs;
    EXPECT_TRUE(sink.ok() && (*sink)->Write(std::vector{RowNamed("b")}).ok());
    return syncs - before;
  }
};

TEST_F(PowerLossTest, BeforeAResponseItsRowIsOnTheDisk) {
  EXPECT_GE(SyncsOfAWrite(SqliteDurability::kBeforeResponse), 1);
}

TEST_F(PowerLossTest, AGroupOfRowsWaitsForNoDisk) { EXPECT_EQ(SyncsOfAWrite(SqliteDurability::kGroup), 0); }

}  // namespace
}  // namespace arbstr::request_log
