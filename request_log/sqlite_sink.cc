#include "request_log/sqlite_sink.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "request_log/bind_record.h"
#include "request_log/schema.h"
#include "request_log/sqlite_connection.h"
#include "request_log/timestamp.h"

namespace arbstr::request_log {
namespace {

// At start another arbstr may be migrating or closing the same file.
constexpr int kOpenBusyTimeoutMs = 5'000;
// Rows must be committed within 50 ms; a lock held for longer is reported, and the caller tries again.
constexpr int kWriteBusyTimeoutMs = 20;

constexpr const char* kInsert =
    "INSERT INTO requests (correlation_id, timestamp, model, provider, policy, streaming, input_tokens, "
    "output_tokens, cost_sats, provider_cost_sats, latency_ms, stream_duration_ms, success, error_status, "
    "error_message, attempts, retries, attempt_log) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
    "ON CONFLICT(correlation_id) DO NOTHING";

class SqliteSink : public Sink {
 public:
  static absl::StatusOr<std::unique_ptr<Sink>> Open(SqliteConnection db) {
    auto sink = std::make_unique<SqliteSink>();
    for (auto [sql, statement] :
         {std::pair{"BEGIN IMMEDIATE", &sink->begin_}, std::pair{"COMMIT", &sink->commit_},
          std::pair{"ROLLBACK", &sink->rollback_}, std::pair{kInsert, &sink->insert_}}) {
      absl::StatusOr<SqliteStatement> prepared = Prepare(db.get(), sql);
      if (!prepared.ok()) return prepared.status();
      *statement = *std::move(prepared);
    }
    sink->db_ = std::move(db);
    return sink;
  }

  absl::Status Write(std::span<const Record> records) override {
    absl::Status status = Run(begin_.get(), "begin");
    for (std::size_t i = 0; status.ok() && i < records.size(); ++i) status = Insert(records[i]);
    if (status.ok()) status = Run(commit_.get(), "commit");
    // SQLite has rolled back by itself after some failures (disk full, input/output).
    if (!status.ok() && sqlite3_get_autocommit(db_.get()) == 0)
      Run(rollback_.get(), "rollback").IgnoreError();
    return status;
  }

 private:
  absl::Status Insert(const Record& record) {
    const std::string timestamp = FormatTimestamp(record.timestamp);
    if (BindRecord(insert_.get(), record, timestamp) != SQLITE_OK) return LastError(db_.get(), "bind");
    return Run(insert_.get(), "insert");
  }

  absl::Status Run(sqlite3_stmt* statement, const char* doing) {
    const int code = sqlite3_step(statement);
    const absl::Status status = code == SQLITE_DONE ? absl::OkStatus() : LastError(db_.get(), doing);
    sqlite3_reset(statement);
    return status;
  }

  SqliteConnection db_;  // outlives the statements
  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement rollback_;
  SqliteStatement insert_;
};

absl::StatusOr<std::unique_ptr<Sink>> Open(const std::string& path, SqliteDurability durability) {
  absl::StatusOr<SqliteConnection> opened = OpenConnection(path);
  if (!opened.ok()) return opened.status();
  sqlite3* const db = opened->get();
  sqlite3_busy_timeout(db, kOpenBusyTimeoutMs);
  // Migrated first: a file that is not ours is refused before anything in it is changed.
  if (absl::Status status = Migrate(db); !status.ok()) return status;
  const absl::StatusOr<std::string> mode = QueryText(db, "PRAGMA journal_mode = WAL");
  if (!mode.ok()) return mode.status();
  if (*mode != "wal") {
    return absl::FailedPreconditionError(
        fmt::format("WAL mode is not possible there (journal_mode stays {})", *mode));
  }
  const char* const synchronous = durability == SqliteDurability::kBeforeResponse ? "FULL" : "NORMAL";
  if (absl::Status status = Execute(db, fmt::format("PRAGMA synchronous = {}", synchronous)); !status.ok()) {
    return status;
  }
  sqlite3_busy_timeout(db, kWriteBusyTimeoutMs);
  return SqliteSink::Open(*std::move(opened));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Sink>> OpenSqlite(const std::string& path, SqliteDurability durability) {
  absl::StatusOr<std::unique_ptr<Sink>> sink = Open(path, durability);
  if (sink.ok()) return sink;
  return absl::Status(sink.status().code(), fmt::format("cannot open the request log \"{}\": {}", path,
                                                        std::string(sink.status().message())));
}

}  // namespace arbstr::request_log
