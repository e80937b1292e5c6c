#include "request_log/bind_record.h"

#include <optional>
#include <type_traits>

#include "request_log/stored_text.h"

namespace arbstr::request_log {
namespace {

// Binds values to a statement's parameters in order. They must live until the statement is reset.
class Binder {
 public:
  explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}

  template <typename T>
  void Add(const T& value) {
    ++index_;
    if constexpr (std::is_same_v<T, std::string>) {
      AddText(value);
    } else if constexpr (std::is_floating_point_v<T>) {
      Note(sqlite3_bind_double(statement_, index_, value));
    } else {
      static_assert(std::is_integral_v<T>);
      Note(sqlite3_bind_int64(statement_, index_, static_cast<sqlite3_int64>(value)));
    }
  }
  template <typename T>
  void Add(const std::optional<T>& value) {
    if (value) {
      Add(*value);
    } else {
      Note(sqlite3_bind_null(statement_, ++index_));
    }
  }

  int code() const { return code_; }

 private:
  void AddText(const std::string& text) {
    if (IsStorable(text)) {
      Note(sqlite3_bind_text64(statement_, index_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
    } else {
      const std::string storable = MakeStorable(text);
      Note(sqlite3_bind_text64(statement_, index_, storable.data(), storable.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8));
    }
  }
  void Note(int code) {
    if (code_ == SQLITE_OK) code_ = code;
  }

  sqlite3_stmt* const statement_;
  int index_ = 0;
  int code_ = SQLITE_OK;
};

}  // namespace

int BindRecord(sqlite3_stmt* statement, const Record& record, const std::string& timestamp) {
  Binder binder(statement);
  binder.Add(record.correlation_id);
  binder.Add(timestamp);
  binder.Add(record.model);
  binder.Add(record.provider);
  binder.Add(record.policy);
  binder.Add(record.streaming);
  binder.Add(record.input_tokens);
  binder.Add(record.output_tokens);
  binder.Add(record.cost_sats);
  binder.Add(record.provider_cost_sats);
  binder.Add(record.latency_ms);
  binder.Add(record.stream_duration_ms);
  binder.Add(record.success);
  binder.Add(record.error_status);
  binder.Add(record.error_message);
  binder.Add(record.attempts);
  binder.Add(record.retries);
  binder.Add(record.attempt_log);
  return binder.code();
}

}  // namespace arbstr::request_log
