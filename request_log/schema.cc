#include "request_log/schema.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>

#include "request_log/record_columns.h"
#include "request_log/sqlite_connection.h"
#include "request_log/write_transaction.h"

namespace arbstr::request_log {
namespace {

// Step i leads from version i to i + 1. A step that was released is never changed; append a new one.
constexpr std::array kSteps = {
    R"(CREATE TABLE requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  correlation_id TEXT NOT NULL UNIQUE,
  timestamp TEXT NOT NULL,
  model TEXT NOT NULL,
  provider TEXT,
  policy TEXT,
  streaming INTEGER NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_sats REAL,
  provider_cost_sats REAL,
  latency_ms INTEGER NOT NULL,
  stream_duration_ms INTEGER,
  success INTEGER NOT NULL,
  error_status INTEGER,
  error_message TEXT,
  attempts INTEGER NOT NULL,
  retries TEXT,
  attempt_log TEXT
))",
    // What segments are: segment.h. Rows with a greater id than up_to_id are in none yet.
    R"(CREATE TABLE segments (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  provider TEXT,
  streaming INTEGER NOT NULL,
  success INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  first_timestamp INTEGER NOT NULL,
  last_timestamp INTEGER NOT NULL,
  sum_input_tokens INTEGER NOT NULL,
  sum_output_tokens INTEGER NOT NULL,
  sum_cost_sats REAL NOT NULL,
  latencies BLOB NOT NULL,
  ids BLOB NOT NULL,
  timestamps BLOB NOT NULL,
  costs BLOB NOT NULL,
  input_tokens BLOB NOT NULL,
  output_tokens BLOB NOT NULL
);
CREATE TABLE rolled_up (up_to_id INTEGER NOT NULL);
INSERT INTO rolled_up VALUES (0))"};

absl::StatusOr<int> VersionOf(sqlite3* db) {
  const absl::StatusOr<std::string> text = QueryText(db, "PRAGMA user_version");
  if (!text.ok()) return text.status();
  return std::atoi(text->c_str());
}

// Version 0 is what any program that sets none has, so there the database must be empty.
absl::Status CheckEmpty(sqlite3* db) {
  const absl::StatusOr<std::string> table = QueryText(
      db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name <> 'requests' LIMIT 1");
  if (!table.ok()) return table.status();
  if (table->empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("it is another program's database: it has a table \"{}\" but no version of ours", *table));
}

absl::Status CheckColumns(sqlite3* db) {
  const absl::StatusOr<std::string> columns = QueryText(
      db, "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('requests') ORDER BY cid)");
  if (!columns.ok()) return columns.status();
  if (*columns == fmt::format("id,{}", kRecordColumns)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      columns->empty()
          ? std::string("it is another program's database: it has no table \"requests\"")
          : fmt::format("its table \"requests\" is not a request log: its columns are {}", *columns));
}

absl::Status Step(sqlite3* db, int version) {
  // No step since the first has changed the columns of `requests`.
  if (absl::Status status = version == 0 ? CheckEmpty(db) : CheckColumns(db); !status.ok()) return status;
  if (absl::Status status = Execute(db, kSteps[static_cast<std::size_t>(version)]); !status.ok())
    return status;
  return Execute(db, fmt::format("PRAGMA user_version = {}", version + 1));
}

// One step inside the open transaction, where no other process can take it too. True: there was none left.
absl::StatusOr<bool> NextStep(sqlite3* db) {
  const absl::StatusOr<int> version = VersionOf(db);
  if (!version.ok()) return version.status();
  if (*version < 0 || *version > SchemaVersion()) {
    return absl::FailedPreconditionError(
        fmt::format("its schema is version {}, this program knows {} at most; a newer arbstr wrote it",
                    *version, SchemaVersion()));
  }
  if (*version == SchemaVersion()) return true;
  if (absl::Status status = Step(db, *version); !status.ok()) return status;
  return false;
}

}  // namespace

int SchemaVersion() { return static_cast<int>(kSteps.size()); }

absl::Status Migrate(sqlite3* db) {
  absl::StatusOr<WriteTransaction> transaction = WriteTransaction::Open(db);
  if (!transaction.ok()) return transaction.status();
  for (bool done = false; !done;) {
    const absl::Status status = transaction->Run([&] {
      const absl::StatusOr<bool> step = NextStep(db);
      if (step.ok()) done = *step;
      return step.status();
    });
    if (!status.ok()) return status;
  }
  return CheckColumns(db);
}

}  // namespace arbstr::request_log
