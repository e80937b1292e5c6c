// What the writer does besides writing rows, a small transaction at a time: puts new rows into segments and
// deletes rows that have been kept long enough.
#ifndef ARBSTR_REQUEST_LOG_UPKEEP_H_
#define ARBSTR_REQUEST_LOG_UPKEEP_H_

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "request_log/growing_segments.h"
#include "request_log/log_query.h"
#include "request_log/row_facts_reader.h"
#include "request_log/segment_reader.h"
#include "request_log/sqlite_connection.h"
#include "request_log/write_transaction.h"

namespace arbstr::request_log {

// Uses the connection, which outlives it, between its transactions.
class Upkeep {
 public:
  static absl::StatusOr<Upkeep> Open(sqlite3* db);

  // Puts the oldest rows that are in no segment into segments. Returns how many. Rows from before the first
  // of `written` are read from the database, at most `limit`; where there are none, the first group of
  // `written` goes in. `version` is what DataVersion returned when `written` was begun: where another
  // connection has changed the database since, `written` is cleared.
  absl::StatusOr<std::size_t> RollUp(std::int64_t limit, GrowingSegments& written, std::int64_t version);
  // A different value in a later transaction means that another connection has written since.
  absl::StatusOr<std::int64_t> DataVersion();
  // Deletes rows from before that time that are in segments, at most `limit`. Returns how many.
  absl::StatusOr<std::size_t> Prune(LogTime before, std::size_t limit);

 private:
  Upkeep(RowFactsReader rows, SegmentReader segments, WriteTransaction transaction)
      : rows_(std::move(rows)), segments_(std::move(segments)), transaction_(std::move(transaction)) {}

  absl::StatusOr<std::size_t> InTransaction(absl::FunctionRef<absl::StatusOr<std::size_t>()> step);
  absl::StatusOr<std::size_t> RollUpStored(std::int64_t after, std::int64_t before, std::int64_t limit);
  absl::Status RollUpWritten(const GrowingSegments::Group& group);
  absl::StatusOr<std::size_t> PruneNext(LogTime before, std::size_t limit);
  absl::Status Insert(const Segment& segment);
  absl::Status ForId(sqlite3_stmt* statement, std::int64_t id, const char* doing);

  RowFactsReader rows_;
  SegmentReader segments_;
  WriteTransaction transaction_;
  SqliteStatement insert_segment_;
  SqliteStatement delete_segment_;
  SqliteStatement delete_row_;
  SqliteStatement set_rolled_up_;
  SqliteStatement data_version_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_UPKEEP_H_
