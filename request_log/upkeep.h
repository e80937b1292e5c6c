// What the writer does besides writing rows, a small transaction at a time: puts new rows into segments and
// deletes rows that are older than they are to be kept.
#ifndef ARBSTR_REQUEST_LOG_UPKEEP_H_
#define ARBSTR_REQUEST_LOG_UPKEEP_H_

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
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

  // Puts the oldest rows that are in no segment into segments, at most `limit`; how many it were.
  absl::StatusOr<std::size_t> RollUp(std::int64_t limit);
  // Deletes rows from before that time, at most `limit`, which are in segments; how many it were.
  absl::StatusOr<std::size_t> Prune(LogTime before, std::size_t limit);

 private:
  Upkeep(RowFactsReader rows, SegmentReader segments, WriteTransaction transaction)
      : rows_(std::move(rows)), segments_(std::move(segments)), transaction_(std::move(transaction)) {}

  absl::StatusOr<std::size_t> InTransaction(absl::FunctionRef<absl::StatusOr<std::size_t>()> step);
  absl::StatusOr<std::size_t> RollUpNext(std::int64_t limit);
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
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_UPKEEP_H_
