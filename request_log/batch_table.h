// The batch that is being written, as a virtual table of SQLite, so that one statement inserts all of it:
// starting and ending a statement costs more than inserting a row.
#ifndef ARBSTR_REQUEST_LOG_BATCH_TABLE_H_
#define ARBSTR_REQUEST_LOG_BATCH_TABLE_H_

#include <sqlite3.h>

#include <span>

#include "absl/status/status.h"
#include "request_log/record.h"

namespace arbstr::request_log {

// The table `arbstr_batch` has the columns of `requests` but for `id`, kRecordColumns. Its rows are
// `records`, which stay unchanged while a statement reads them. It outlives the connection.
class BatchTable {
 public:
  BatchTable() = default;
  BatchTable(const BatchTable&) = delete;
  BatchTable& operator=(const BatchTable&) = delete;

  // Registers the table with the connection. Call it once.
  absl::Status AddTo(sqlite3* db);

  std::span<const Record> records;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_BATCH_TABLE_H_
