#ifndef ARBSTR_REQUEST_LOG_WRITE_TRANSACTION_H_
#define ARBSTR_REQUEST_LOG_WRITE_TRANSACTION_H_

#include <sqlite3.h>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {

// Writes that are all kept or all undone; its statements are prepared once. The connection outlives it.
class WriteTransaction {
 public:
  static absl::StatusOr<WriteTransaction> Open(sqlite3* db);

  // Runs `write` between BEGIN IMMEDIATE and COMMIT. Where any of the three fails or throws, nothing of
  // it stays.
  absl::Status Run(absl::FunctionRef<absl::Status()> write);

 private:
  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement rollback_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_WRITE_TRANSACTION_H_
