#include "integration_tests/log_rows.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>

#include "integration_tests/child_process.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

constexpr const char* kSelect =
    "SELECT correlation_id, timestamp, model, provider, policy, streaming, input_tokens, output_tokens, "
    "cost_sats, "
    "provider_cost_sats, latency_ms, stream_duration_ms, success, error_status, error_message, attempts, "
    "retries, "
    "attempt_log FROM requests ORDER BY id";

class Columns {
 public:
  explicit Columns(sqlite3_stmt* statement) : statement_(statement) {}

  std::optional<std::string> Text() {
    const int column = next_++;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  }
  std::optional<std::int64_t> Integer() {
    const int column = next_++;
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return sqlite3_column_int64(statement_, column);
  }
  std::optional<double> Real() {
    const int column = next_++;
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return sqlite3_column_double(statement_, column);
  }

 private:
  sqlite3_stmt* const statement_;
  int next_ = 0;
};

Row ReadRow(sqlite3_stmt* statement) {
  Columns columns(statement);
  Row row;
  row.correlation_id = columns.Text().value_or("");
  row.timestamp = columns.Text().value_or("");
  row.model = columns.Text().value_or("");
  row.provider = columns.Text();
  row.policy = columns.Text();
  row.streaming = columns.Integer().value_or(-1);
  row.input_tokens = columns.Integer();
  row.output_tokens = columns.Integer();
  row.cost_sats = columns.Real();
  row.provider_cost_sats = columns.Real();
  row.latency_ms = columns.Integer().value_or(-1);
  row.stream_duration_ms = columns.Integer();
  row.success = columns.Integer().value_or(-1);
  row.error_status = columns.Integer();
  row.error_message = columns.Text();
  row.attempts = columns.Integer().value_or(-1);
  row.retries = columns.Text();
  row.attempt_log = columns.Text();
  return row;
}

}  // namespace

std::vector<Row> ReadRows(const std::string& database) {
  std::vector<Row> rows;
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    sqlite3_busy_timeout(db, 5000);
    sqlite3_prepare_v2(db, kSelect, -1, &statement, nullptr);
  }
  while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) rows.push_back(ReadRow(statement));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return rows;
}

bool WaitForRowsToGo(const std::string& database, std::size_t count) {
  return WaitUntil([&] { return ReadRows(database).size() <= count; });
}

void RunSql(const std::string& database, const std::string& sql) {
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  }
  sqlite3_close(db);
}

std::string IntegrityOf(const std::string& database) {
  if (!std::filesystem::exists(database)) return "ok";
  std::string said = "it cannot be opened";
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, nullptr);
  }
  if (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW)
    said = Columns(statement).Text().value_or("");
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return said;
}

std::vector<Row> WaitForRows(const std::string& database, std::size_t count) {
  std::vector<Row> rows;
  EXPECT_TRUE(WaitUntil([&] { return (rows = ReadRows(database)).size() >= count; }))
      << rows.size() << " rows, not " << count;
  return rows;
}

}  // namespace integration_tests
