#include "request_log/write_transaction.h"

#include <sqlite3.h>

namespace arbstr::request_log {

absl::StatusOr<WriteTransaction> WriteTransaction::Open(sqlite3* db) {
  WriteTransaction transaction;
  absl::Status status = PrepareAll(db, {{"BEGIN IMMEDIATE", &transaction.begin_},
                                        {"COMMIT", &transaction.commit_},
                                        {"ROLLBACK", &transaction.rollback_}});
  if (!status.ok()) return status;
  return transaction;
}

absl::Status WriteTransaction::Run(absl::FunctionRef<absl::Status()> write) {
  absl::Status status = RunStatement(begin_.get(), "begin");
  if (status.ok()) status = write();
  if (status.ok()) status = RunStatement(commit_.get(), "commit");
  // SQLite has rolled back by itself after some failures (disk full, input/output).
  if (!status.ok() && sqlite3_get_autocommit(sqlite3_db_handle(begin_.get())) == 0)
    RunStatement(rollback_.get(), "rollback").IgnoreError();
  return status;
}

}  // namespace arbstr::request_log
