// Segments are made from the rows at hand where that is safe and from the database where it is not: they
// agree with the rows that are there, whatever happened in between.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "request_log/growing_segments.h"
#include "request_log/sqlite_sink.h"
#include "request_log/temporary_database.h"
#include "request_log/testing_rows.h"
#include "request_log/upkeep.h"

namespace arbstr::request_log {
namespace {

constexpr std::int64_t kDay = 86'400'000;

// What a segment's sums say, of rows and of segments.
constexpr const char* kFacts =
    "WITH of_rows AS (SELECT model, provider, streaming, success, count(*), "
    "min(CAST(strftime('%s', timestamp) AS INTEGER) * 1000 + substr(timestamp, 21, 3)), "
    "max(CAST(strftime('%s', timestamp) AS INTEGER) * 1000 + substr(timestamp, 21, 3)), "
    "sum(ifnull(input_tokens, 0)), sum(ifnull(output_tokens, 0)), sum(ifnull(cost_sats, 0)) "
    "FROM requests WHERE id <= (SELECT up_to_id FROM rolled_up) GROUP BY 1, 2, 3, 4), "
    "of_segments AS (SELECT model, provider, streaming, success, sum(rows), min(first_timestamp), "
    "max(last_timestamp), sum(sum_input_tokens), sum(sum_output_tokens), sum(sum_cost_sats) FROM segments "
    "GROUP BY 1, 2, 3, 4) ";

class RollUpTest : public testing::Test {
 protected:
  RollUpTest() { Open(); }
  void Open() {
    sink_.reset();
    auto sink = OpenSqlite(database_.path(), SqliteDurability::kGroup, {.rows_rolled_up = 100});
    EXPECT_TRUE(sink.ok()) << sink.status();
    if (sink.ok()) sink_ = *std::move(sink);
  }
  void Write(const std::vector<Record>& rows) {
    const absl::Status status = sink_->Write(rows);
    ASSERT_TRUE(status.ok()) << status;
  }
  void Write(std::size_t count) { Write(random_.Next(count)); }
  // Rolls up what can be, compares, and says how many rows are in segments.
  std::string RollUpAndCompare() {
    MaintainAll(*sink_, At(kDay));
    EXPECT_EQ(
        database_.Query(std::string(kFacts) + "SELECT count(*) FROM (SELECT * FROM of_rows EXCEPT SELECT * "
                                              "FROM of_segments)"),
        "0");
    EXPECT_EQ(database_.Query(std::string(kFacts) + "SELECT count(*) FROM (SELECT * FROM of_segments EXCEPT "
                                                    "SELECT * FROM of_rows)"),
              "0");
    return database_.Query("SELECT ifnull(sum(rows), 0) FROM segments");
  }

  TemporaryDatabase database_;
  std::unique_ptr<Sink> sink_;
  RandomRows random_{1, At(0), At(kDay)};
};

TEST_F(RollUpTest, RowsOfManyBatches) {
  for (int i = 0; i < 10; ++i) Write(37);
  EXPECT_EQ(RollUpAndCompare(), "300");
  Write(30);
  EXPECT_EQ(RollUpAndCompare(), "400");
}

TEST_F(RollUpTest, RowsThatAFormerRunLeftAreRolledUpBeforeThoseOfThisOne) {
  Write(42);
  Open();
  Write(150);
  EXPECT_EQ(RollUpAndCompare(), "142");
  EXPECT_EQ(database_.Query("SELECT up_to_id FROM rolled_up"), "142");
  Write(50);
  EXPECT_EQ(RollUpAndCompare(), "242");
}

TEST_F(RollUpTest, RowsThatWereThereAlready) {
  const std::vector<Record> rows = random_.Next(80);
  Write(rows);
  Write(rows);
  Write(std::vector<Record>{rows[3], random_.Next(), rows[4]});
  Write(19);
  EXPECT_EQ(RollUpAndCompare(), "100");
  Write(100);
  EXPECT_EQ(RollUpAndCompare(), "200");
}

TEST_F(RollUpTest, RowsThatSomebodyDeletedOrChangedMeanwhile) {
  Write(90);
  database_.Execute(
      "DELETE FROM requests WHERE id % 3 = 0; UPDATE requests SET model = 'other' WHERE id = 4");
  Write(60);
  EXPECT_EQ(RollUpAndCompare(), "100");
  Write(200);
  EXPECT_EQ(RollUpAndCompare(), "320");
}

TEST_F(RollUpTest, RowsOfAnotherProgramInBetween) {
  auto other = OpenSqlite(database_.path(), SqliteDurability::kGroup, {.rows_rolled_up = 1'000});
  ASSERT_TRUE(other.ok()) << other.status();
  for (int i = 0; i < 5; ++i) {
    Write(30);
    ASSERT_TRUE((*other)->Write(random_.Next(10)).ok());
  }
  EXPECT_EQ(RollUpAndCompare(), "100");
}

TEST_F(RollUpTest, TwoProgramsThatBothRollUp) {
  auto other = OpenSqlite(database_.path(), SqliteDurability::kGroup, {.rows_rolled_up = 50});
  ASSERT_TRUE(other.ok()) << other.status();
  std::int64_t rows = 0;
  for (int i = 0; i < 20; ++i) {
    const auto count = static_cast<std::size_t>(1 + random_.Below(60));
    rows += 2 * static_cast<std::int64_t>(count);
    Write(count);
    ASSERT_TRUE((*other)->Write(random_.Next(count)).ok());
    MaintainAll(**other, At(kDay));
    RollUpAndCompare();
  }
  EXPECT_EQ(database_.Query("SELECT count(*) FROM requests"), std::to_string(rows));
}

TEST_F(RollUpTest, ATriggerThatChangesRows) {
  database_.Execute(
      "CREATE TRIGGER rename AFTER INSERT ON requests BEGIN UPDATE requests SET model = 'renamed' WHERE id = "
      "new.id; "
      "END");
  Write(100);
  EXPECT_EQ(RollUpAndCompare(), "100");
  EXPECT_EQ(database_.Query("SELECT group_concat(DISTINCT model) FROM segments"), "renamed");
}

TEST_F(RollUpTest, TextThatIsStoredDifferently) {
  std::vector<Record> rows = random_.Next(100);
  for (std::size_t i = 0; i < rows.size(); i += 3) rows[i].model = "model \xFF";
  for (std::size_t i = 1; i < rows.size(); i += 3) rows[i].provider = std::string("a\0b", 3);
  Write(rows);
  EXPECT_EQ(RollUpAndCompare(), "100");
}

TEST_F(RollUpTest, AFailureKeepsTheRowsForTheNextTime) {
  Write(150);
  const SqliteConnection other = database_.Connect();
  ASSERT_TRUE(Execute(other.get(), "BEGIN IMMEDIATE").ok());
  EXPECT_FALSE(sink_->Maintain(At(kDay)).ok());
  EXPECT_FALSE(sink_->Write(random_.Next(10)).ok());
  ASSERT_TRUE(Execute(other.get(), "ROLLBACK").ok());
  EXPECT_EQ(RollUpAndCompare(), "100");
  Write(50);
  EXPECT_EQ(RollUpAndCompare(), "200");
}

// As after a commit that took effect and was reported as failed.
TEST_F(RollUpTest, TheSameRowsAtHandAreNeverRolledUpTwice) {
  const std::vector<Record> rows = random_.Next(100);
  Write(rows);
  sink_.reset();
  const SqliteConnection db = database_.Connect();
  absl::StatusOr<Upkeep> upkeep = Upkeep::Open(db.get());
  ASSERT_TRUE(upkeep.ok()) << upkeep.status();
  const absl::StatusOr<std::int64_t> version = upkeep->DataVersion();
  ASSERT_TRUE(version.ok()) << version.status();
  for (const std::size_t rolled_up : {100u, 0u}) {
    GrowingSegments at_hand(100);
    at_hand.Add(rows, 1);
    const absl::StatusOr<std::size_t> now = upkeep->RollUp(100, at_hand, *version);
    ASSERT_TRUE(now.ok()) << now.status();
    EXPECT_EQ(*now, rolled_up);
  }
  EXPECT_EQ(database_.Query("SELECT sum(rows) FROM segments"), "100");
}

}  // namespace
}  // namespace arbstr::request_log
