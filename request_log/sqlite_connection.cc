#include "request_log/sqlite_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <system_error>

namespace arbstr::request_log {
namespace {

bool MayPass(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return true;
    default:
      return false;
  }
}

// The folder that a new file may not be put into, where that is why `path` cannot be opened; else empty.
std::string LockedFolderOf(const std::string& path) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(path, error).parent_path();
  if (error || std::filesystem::exists(path, error) || !std::filesystem::is_directory(folder, error))
    return "";
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? "" : folder.string();
}

absl::StatusOr<SqliteConnection> Open(const std::string& path, int flags) {
  if (path.empty()) return absl::InvalidArgumentError(std::string("the path of the request log is empty"));
  if (path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(std::string("the path of the request log contains a NUL"));
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  SqliteConnection db(raw);
  if (code != SQLITE_OK) {
    if (const std::string folder = LockedFolderOf(path); !folder.empty()) {
      return absl::FailedPreconditionError(fmt::format("no permission to make files in {}", folder));
    }
    const int system_error = raw != nullptr ? sqlite3_system_errno(raw) : 0;
    return absl::FailedPreconditionError(
        system_error != 0 ? fmt::format("{} ({})", sqlite3_errstr(code), std::strerror(system_error))
                          : std::string(sqlite3_errstr(code)));
  }
  sqlite3_extended_result_codes(db.get(), 1);
  return db;
}

}  // namespace

absl::StatusOr<SqliteConnection> OpenConnection(const std::string& path) {
  absl::StatusOr<SqliteConnection> db =
      Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
  if (db.ok() && sqlite3_db_readonly(db->get(), "main") == 1) {
    return absl::FailedPreconditionError(std::string("no permission to write to it"));
  }
  return db;
}

absl::StatusOr<SqliteConnection> OpenConnectionForReading(const std::string& path) {
  return Open(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
}

absl::Status LastError(sqlite3* db, const std::string& doing) {
  const std::string message = fmt::format("{}: {}", doing, sqlite3_errmsg(db));
  return MayPass(sqlite3_errcode(db)) ? absl::UnavailableError(message)
                                      : absl::FailedPreconditionError(message);
}

absl::Status Explained(const absl::Status& status, const std::string& doing) {
  return absl::Status(status.code(), fmt::format("{}: {}", doing, std::string(status.message())));
}

absl::Status Execute(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return LastError(db, sql.substr(0, sql.find_first_of("(\n")));
}

absl::Status RunStatement(sqlite3_stmt* statement, const char* doing) {
  const int code = sqlite3_step(statement);
  const absl::Status status =
      code == SQLITE_DONE ? absl::OkStatus() : LastError(sqlite3_db_handle(statement), doing);
  sqlite3_reset(statement);
  return status;
}

absl::StatusOr<SqliteStatement> Prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return LastError(db, "prepare");
  }
  return SqliteStatement(statement);
}

absl::Status PrepareAll(sqlite3* db,
                        std::initializer_list<std::pair<std::string, SqliteStatement*>> statements) {
  for (const auto& [sql, statement] : statements) {
    absl::StatusOr<SqliteStatement> prepared = Prepare(db, sql);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

void BindText(sqlite3_stmt* statement, int index, const std::string& text) {
  sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

std::string_view ColumnBytes(sqlite3_stmt* statement, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

absl::StatusOr<std::string> QueryText(sqlite3* db, const std::string& sql) {
  absl::StatusOr<SqliteStatement> statement = Prepare(db, sql);
  if (!statement.ok()) return statement.status();
  const int code = sqlite3_step(statement->get());
  if (code == SQLITE_DONE) return std::string();
  if (code != SQLITE_ROW) return LastError(db, sql);
  const unsigned char* text = sqlite3_column_text(statement->get(), 0);
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

}  // namespace arbstr::request_log
