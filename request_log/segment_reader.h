// Reads segments out of the database.
#ifndef ARBSTR_REQUEST_LOG_SEGMENT_READER_H_
#define ARBSTR_REQUEST_LOG_SEGMENT_READER_H_

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "request_log/log_query.h"
#include "request_log/segment.h"
#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {

struct SegmentHeader {
  std::int64_t id = 0;
  SegmentKey key;
  SegmentSums sums;
};

// Which columns a query needs: these bits, combined.
using ColumnSet = unsigned;
inline constexpr ColumnSet kLatencies = 1;
inline constexpr ColumnSet kIds = 2;
inline constexpr ColumnSet kTimestamps = 4;
inline constexpr ColumnSet kCosts = 8;
inline constexpr ColumnSet kInputs = 16;
inline constexpr ColumnSet kOutputs = 32;
inline constexpr ColumnSet kAllColumns = 63;

// Uses the connection, which outlives it.
class SegmentReader {
 public:
  static absl::StatusOr<SegmentReader> Open(sqlite3* db);

  // Calls visit(header) for each segment of the filter's model, provider, streaming and success that may hold
  // rows in its range. An error that `visit` returns ends it.
  absl::Status ForEach(const RowFilter& filter,
                       const std::function<absl::Status(const SegmentHeader&)>& visit);
  // Any segment with a row from before that time; empty where there is none.
  absl::StatusOr<std::optional<SegmentHeader>> AnyWithRowsBefore(LogTime time);
  // Fills those columns with `rows` values each, and empties the others; DataLoss where the segment holds
  // something else.
  absl::Status ReadColumns(std::int64_t id, std::int64_t rows, ColumnSet set, SegmentColumns& columns);

 private:
  explicit SegmentReader(sqlite3* db) : db_(db) {}

  sqlite3* db_;
  SqliteStatement headers_;
  SqliteStatement old_;
  std::array<SqliteStatement, kAllColumns + 1> columns_;  // by set, prepared when first asked for
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SEGMENT_READER_H_
