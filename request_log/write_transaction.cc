#include "request_log/write_transaction.h"

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
  // Where it fails or throws, it is rolled back; SQLite does so by itself after some failures (disk full,
  // input/output).
  const TransactionScope scope(rollback_.get());
  absl::Status status = RunStatement(begin_.get(), "begin");
  if (status.ok()) status = write();
  if (status.ok()) status = RunStatement(commit_.get(), "commit");
  return status;
}

}  // namespace arbstr::request_log
