// Reads the rows that are in no segment yet, as far as a segment needs them.
#ifndef ARBSTR_REQUEST_LOG_ROW_FACTS_READER_H_
#define ARBSTR_REQUEST_LOG_ROW_FACTS_READER_H_

#include <sqlite3.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "request_log/segment.h"
#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {

// Uses the connection, which outlives it.
class RowFactsReader {
 public:
  static absl::StatusOr<RowFactsReader> Open(sqlite3* db);

  // The greatest id among the rows that are in segments.
  absl::StatusOr<std::int64_t> RolledUpTo();
  // The first rows with ids above `after` and below `before`, at most `limit`, in order of id. A timestamp
  // not in this program's format counts as 1970.
  absl::StatusOr<std::vector<RowFacts>> RowsBetween(std::int64_t after, std::int64_t before,
                                                    std::int64_t limit);
  absl::StatusOr<std::vector<RowFacts>> RowsAfter(std::int64_t after, std::int64_t limit) {
    return RowsBetween(after, std::numeric_limits<std::int64_t>::max(), limit);
  }

 private:
  RowFactsReader() = default;

  SqliteStatement rolled_up_to_;
  SqliteStatement rows_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_ROW_FACTS_READER_H_
