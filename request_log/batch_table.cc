#include "request_log/batch_table.h"

#include <concepts>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "request_log/record_columns.h"
#include "request_log/sqlite_connection.h"
#include "request_log/stored_text.h"
#include "request_log/timestamp.h"

namespace arbstr::request_log {
namespace {

struct Table : sqlite3_vtab {
  const BatchTable* batch = nullptr;
  TimestampFormat format;
};

struct Cursor : sqlite3_vtab_cursor {
  const Record* row = nullptr;
  const Record* end = nullptr;
};

Cursor& Of(sqlite3_vtab_cursor* cursor) { return *static_cast<Cursor*>(cursor); }

// Without a copy: SQLite is done with a row's values before it asks for the next row.
void PutText(sqlite3_context* to, std::string_view text) {
  sqlite3_result_text64(to, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Put(sqlite3_context* to, const std::string& text) {
  if (IsStorable(text)) {
    PutText(to, text);
  } else {
    const std::string storable = MakeStorable(text);
    sqlite3_result_text64(to, storable.data(), storable.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
}
void Put(sqlite3_context* to, double value) { sqlite3_result_double(to, value); }
template <std::integral T>
void Put(sqlite3_context* to, T value) {
  sqlite3_result_int64(to, static_cast<sqlite3_int64>(value));
}
// A column for which nothing is put is NULL.
template <typename T>
void Put(sqlite3_context* to, const std::optional<T>& value) {
  if (value) Put(to, *value);
}

void PutColumn(sqlite3_context* to, Cursor& cursor, int column) {
  const Record& row = *cursor.row;
  switch (static_cast<RecordColumn>(column)) {
    case RecordColumn::kCorrelationId:
      return Put(to, row.correlation_id);
    case RecordColumn::kTimestamp:
      return PutText(to, static_cast<Table*>(cursor.pVtab)->format(row.timestamp));
    case RecordColumn::kModel:
      return Put(to, row.model);
    case RecordColumn::kProvider:
      return Put(to, row.provider);
    case RecordColumn::kPolicy:
      return Put(to, row.policy);
    case RecordColumn::kStreaming:
      return Put(to, row.streaming);
    case RecordColumn::kInputTokens:
      return Put(to, row.input_tokens);
    case RecordColumn::kOutputTokens:
      return Put(to, row.output_tokens);
    case RecordColumn::kCostSats:
      return Put(to, row.cost_sats);
    case RecordColumn::kProviderCostSats:
      return Put(to, row.provider_cost_sats);
    case RecordColumn::kLatencyMs:
      return Put(to, row.latency_ms);
    case RecordColumn::kStreamDurationMs:
      return Put(to, row.stream_duration_ms);
    case RecordColumn::kSuccess:
      return Put(to, row.success);
    case RecordColumn::kErrorStatus:
      return Put(to, row.error_status);
    case RecordColumn::kErrorMessage:
      return Put(to, row.error_message);
    case RecordColumn::kAttempts:
      return Put(to, row.attempts);
    case RecordColumn::kRetries:
      return Put(to, row.retries);
    case RecordColumn::kAttemptLog:
      return Put(to, row.attempt_log);
  }
}

int Connect(sqlite3* db, void* batch, int, const char* const*, sqlite3_vtab** made, char**) {
  char* const declaration = sqlite3_mprintf("CREATE TABLE arbstr_batch (%s)", kRecordColumns);
  if (declaration == nullptr) return SQLITE_NOMEM;
  const int code = sqlite3_declare_vtab(db, declaration);
  sqlite3_free(declaration);
  if (code != SQLITE_OK) return code;
  auto* const table = new (std::nothrow) Table();
  if (table == nullptr) return SQLITE_NOMEM;
  table->batch = static_cast<const BatchTable*>(batch);
  *made = table;
  return SQLITE_OK;
}

int Disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

// There is one way to read it: all of it, in order.
int BestIndex(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }

int Open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  *made = new (std::nothrow) Cursor();
  return *made != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

int Close(sqlite3_vtab_cursor* cursor) {
  delete &Of(cursor);
  return SQLITE_OK;
}

int Filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  const std::span<const Record> records = static_cast<Table*>(cursor->pVtab)->batch->records;
  Of(cursor).row = records.data();
  Of(cursor).end = records.data() + records.size();
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* cursor) {
  ++Of(cursor).row;
  return SQLITE_OK;
}

int Eof(sqlite3_vtab_cursor* cursor) { return Of(cursor).row == Of(cursor).end ? 1 : 0; }

// No exception may pass through SQLite, which is C.
int Column(sqlite3_vtab_cursor* cursor, sqlite3_context* to, int column) try {
  PutColumn(to, Of(cursor), column);
  return SQLITE_OK;
} catch (const std::bad_alloc&) {
  return SQLITE_NOMEM;
}

int RowId(sqlite3_vtab_cursor*, sqlite3_int64* id) {
  *id = 0;  // nothing asks for it
  return SQLITE_OK;
}

// Without xCreate the table exists as soon as it is registered, and nothing of it is in the file.
constexpr sqlite3_module kModule = [] {
  sqlite3_module module{};
  module.xConnect = Connect;
  module.xDisconnect = Disconnect;
  module.xBestIndex = BestIndex;
  module.xOpen = Open;
  module.xClose = Close;
  module.xFilter = Filter;
  module.xNext = Next;
  module.xEof = Eof;
  module.xColumn = Column;
  module.xRowid = RowId;
  return module;
}();

}  // namespace

absl::Status BatchTable::AddTo(sqlite3* db) {
  if (sqlite3_create_module_v2(db, "arbstr_batch", &kModule, this, nullptr) == SQLITE_OK)
    return absl::OkStatus();
  return LastError(db, "create module");
}

}  // namespace arbstr::request_log
