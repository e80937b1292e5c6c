#ifndef ARBSTR_REQUEST_LOG_SQLITE_CONNECTION_H_
#define ARBSTR_REQUEST_LOG_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace arbstr::request_log {

struct CloseConnection {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
// Ends a statement's run, so that it holds no lock and can be run again.
struct ResetStatement {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};
// Rolls back what is still open, by a prepared ROLLBACK. Throws nothing.
struct RollBack {
  void operator()(sqlite3_stmt* rollback) const {
    if (sqlite3_get_autocommit(sqlite3_db_handle(rollback)) != 0) return;
    sqlite3_step(rollback);
    sqlite3_reset(rollback);
  }
};
using SqliteConnection = std::unique_ptr<sqlite3, CloseConnection>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
using RunningStatement = std::unique_ptr<sqlite3_stmt, ResetStatement>;
// A scope that no transaction outlives, whatever is thrown there.
using TransactionScope = std::unique_ptr<sqlite3_stmt, RollBack>;

// Opens the file for reading and writing, creating it where it is absent, for use by one thread at a time.
// A file that can only be read is an error. The file's content is not looked at yet.
absl::StatusOr<SqliteConnection> OpenConnection(const std::string& path);

// Opens an existing file, for reading only.
absl::StatusOr<SqliteConnection> OpenConnectionForReading(const std::string& path);

// The connection's last error as a status: Unavailable for what may pass by itself (locked, disk full,
// input/output), FailedPrecondition for the rest.
absl::Status LastError(sqlite3* db, const std::string& doing);

// The same with `doing` before its message; OK stays OK.
absl::Status Explained(const absl::Status& status, const std::string& doing);

// Runs statements that yield no rows of interest.
absl::Status Execute(sqlite3* db, const std::string& sql);

// Runs a prepared statement that yields no rows.
absl::Status RunStatement(sqlite3_stmt* statement, const char* doing);

absl::StatusOr<SqliteStatement> Prepare(sqlite3* db, const std::string& sql);

// Prepares each text into the statement beside it.
absl::Status PrepareAll(sqlite3* db,
                        std::initializer_list<std::pair<std::string, SqliteStatement*>> statements);

// Binds a text that lives until the statement is reset.
void BindText(sqlite3_stmt* statement, int index, const std::string& text);

// The bytes of a text or blob, empty for NULL; valid until the statement runs on.
std::string_view ColumnBytes(sqlite3_stmt* statement, int column);

// The first column of the first row, empty where there is none or it is NULL.
absl::StatusOr<std::string> QueryText(sqlite3* db, const std::string& sql);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SQLITE_CONNECTION_H_
