#include "request_log/record_columns.h"

#include <fmt/format.h>

#include <optional>
#include <type_traits>

#include "request_log/sqlite_connection.h"
#include "request_log/timestamp.h"

namespace arbstr::request_log {
namespace {

// Takes the columns one after the other.
class Columns {
 public:
  explicit Columns(sqlite3_stmt* statement) : statement_(statement) {}

  template <typename T>
  void Take(T& value) {
    const int column = next_++;
    if constexpr (std::is_same_v<T, std::string>) {
      value = ColumnBytes(statement_, column);
    } else if constexpr (std::is_same_v<T, bool>) {
      value = sqlite3_column_int64(statement_, column) != 0;
    } else if constexpr (std::is_floating_point_v<T>) {
      value = sqlite3_column_double(statement_, column);
    } else {
      value = static_cast<T>(sqlite3_column_int64(statement_, column));
    }
  }
  template <typename T>
  void Take(std::optional<T>& value) {
    if (sqlite3_column_type(statement_, next_) == SQLITE_NULL) {
      ++next_;
    } else {
      Take(value.emplace());
    }
  }

 private:
  sqlite3_stmt* const statement_;
  int next_ = 0;
};

}  // namespace

std::string SelectRecord() { return fmt::format("SELECT id,{} FROM requests WHERE id = ?1", kRecordColumns); }

LoggedRequest ReadRecord(sqlite3_stmt* statement) {
  Columns columns(statement);
  LoggedRequest row;
  Record& record = row.record;
  std::string timestamp;
  columns.Take(row.id);
  columns.Take(record.correlation_id);
  columns.Take(timestamp);
  columns.Take(record.model);
  columns.Take(record.provider);
  columns.Take(record.policy);
  columns.Take(record.streaming);
  columns.Take(record.input_tokens);
  columns.Take(record.output_tokens);
  columns.Take(record.cost_sats);
  columns.Take(record.provider_cost_sats);
  columns.Take(record.latency_ms);
  columns.Take(record.stream_duration_ms);
  columns.Take(record.success);
  columns.Take(record.error_status);
  columns.Take(record.error_message);
  columns.Take(record.attempts);
  columns.Take(record.retries);
  columns.Take(record.attempt_log);
  record.timestamp = ParseTimestamp(timestamp).value_or(LogTime{});
  return row;
}

}  // namespace arbstr::request_log
