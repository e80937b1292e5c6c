#include "request_log/segment_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "request_log/sqlite_connection.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

TEST(SegmentReader, ColumnsThatAreNotAskedForAreEmpty) {
  TemporaryDatabase database;
  {
    auto sink = OpenSqlite(database.path(), SqliteDurability::kGroup, {.rows_rolled_up = 2});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(std::vector<Record>{RowNamed("a"), RowNamed("b")}).ok());
    MaintainAll(**sink, At(0));
  }
  const SqliteConnection db = database.Connect();
  auto reader = SegmentReader::Open(db.get());
  ASSERT_TRUE(reader.ok()) << reader.status();
  SegmentColumns columns;
  ASSERT_TRUE(reader->ReadColumns(1, 2, kAllColumns, columns).ok());
  EXPECT_EQ(columns.timestamps.size(), 2u);
  EXPECT_EQ(columns.costs.size(), 2u);
  ASSERT_TRUE(reader->ReadColumns(1, 2, kIds, columns).ok());
  EXPECT_EQ(columns.ids, std::vector<std::int64_t>({1, 2}));
  EXPECT_TRUE(columns.timestamps.empty());
  EXPECT_TRUE(columns.costs.empty());
}

}  // namespace
}  // namespace arbstr::request_log
