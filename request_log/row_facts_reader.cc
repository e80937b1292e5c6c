#include "request_log/row_facts_reader.h"

#include <string>

#include "request_log/timestamp.h"

namespace arbstr::request_log {
namespace {

constexpr const char* kRows =
    "SELECT id, timestamp, latency_ms, input_tokens, output_tokens, cost_sats, streaming, success, model, "
    "provider FROM requests WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3";

RowFacts ReadRow(sqlite3_stmt* statement) {
  RowFacts row;
  row.id = sqlite3_column_int64(statement, 0);
  if (const auto time = ParseTimestamp(ColumnBytes(statement, 1)))
    row.timestamp = time->time_since_epoch().count();
  row.latency_ms = sqlite3_column_int64(statement, 2);
  row.input_tokens = sqlite3_column_int64(statement, 3);
  row.output_tokens = sqlite3_column_int64(statement, 4);
  if (sqlite3_column_type(statement, 5) != SQLITE_NULL) row.cost_sats = sqlite3_column_double(statement, 5);
  row.key.streaming = sqlite3_column_int64(statement, 6) != 0;
  row.key.success = sqlite3_column_int64(statement, 7) != 0;
  row.key.model = ColumnBytes(statement, 8);
  if (sqlite3_column_type(statement, 9) != SQLITE_NULL) row.key.provider = ColumnBytes(statement, 9);
  return row;
}

}  // namespace

absl::StatusOr<RowFactsReader> RowFactsReader::Open(sqlite3* db) {
  RowFactsReader reader;
  absl::Status status =
      PrepareAll(db, {{"SELECT up_to_id FROM rolled_up", &reader.rolled_up_to_}, {kRows, &reader.rows_}});
  if (!status.ok()) return status;
  return reader;
}

absl::StatusOr<std::int64_t> RowFactsReader::RolledUpTo() {
  const RunningStatement run(rolled_up_to_.get());
  if (sqlite3_step(run.get()) != SQLITE_ROW) {
    return LastError(sqlite3_db_handle(run.get()), "read what is rolled up");
  }
  return sqlite3_column_int64(run.get(), 0);
}

absl::StatusOr<std::vector<RowFacts>> RowFactsReader::RowsBetween(std::int64_t after, std::int64_t before,
                                                                  std::int64_t limit) {
  const RunningStatement run(rows_.get());
  sqlite3_bind_int64(run.get(), 1, after);
  sqlite3_bind_int64(run.get(), 2, before);
  sqlite3_bind_int64(run.get(), 3, limit);
  std::vector<RowFacts> rows;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(run.get())) == SQLITE_ROW) rows.push_back(ReadRow(run.get()));
  if (code != SQLITE_DONE) return LastError(sqlite3_db_handle(run.get()), "read new rows");
  return rows;
}

}  // namespace arbstr::request_log
