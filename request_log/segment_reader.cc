#include "request_log/segment_reader.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "request_log/number_column.h"

namespace arbstr::request_log {
namespace {

// The conditions for ForEach and AnyWithRowsBefore.
constexpr const char* kMayFit =
    "last_timestamp >= ?1 AND first_timestamp < ?2 AND (?3 IS NULL OR model = ?3) "
    "AND (?4 IS NULL OR provider = ?4) AND (?5 IS NULL OR streaming = ?5) AND (?6 IS NULL OR success = ?6)";
constexpr const char* kOld = "first_timestamp < ?1 LIMIT 1";

// With the columns in the order that ReadHeader reads.
std::string SelectHeaders(const char* where) {
  return fmt::format(
      "SELECT id, model, provider, streaming, success, rows, first_timestamp, last_timestamp, "
      "sum_input_tokens, sum_output_tokens, sum_cost_sats FROM segments WHERE {}",
      where);
}

SegmentHeader ReadHeader(sqlite3_stmt* statement) {
  SegmentHeader header;
  header.id = sqlite3_column_int64(statement, 0);
  header.key.model = ColumnBytes(statement, 1);
  if (sqlite3_column_type(statement, 2) != SQLITE_NULL) header.key.provider = ColumnBytes(statement, 2);
  header.key.streaming = sqlite3_column_int64(statement, 3) != 0;
  header.key.success = sqlite3_column_int64(statement, 4) != 0;
  header.sums.rows = sqlite3_column_int64(statement, 5);
  header.sums.first_timestamp = sqlite3_column_int64(statement, 6);
  header.sums.last_timestamp = sqlite3_column_int64(statement, 7);
  header.sums.input_tokens = sqlite3_column_int64(statement, 8);
  header.sums.output_tokens = sqlite3_column_int64(statement, 9);
  header.sums.cost_sats = sqlite3_column_double(statement, 10);
  return header;
}

// Of a statement that is reset before `text` ends. What is not bound is NULL.
void BindOptional(sqlite3_stmt* statement, int index, const std::optional<std::string>& text) {
  if (text) BindText(statement, index, *text);
}

void BindOptional(sqlite3_stmt* statement, int index, const std::optional<bool>& value) {
  if (value) sqlite3_bind_int(statement, index, *value ? 1 : 0);
}

struct NamedColumn {
  ColumnSet bit;
  const char* name;
  std::vector<std::int64_t> SegmentColumns::*numbers;  // null: the costs
};

constexpr NamedColumn kColumns[] = {{kLatencies, "latencies", &SegmentColumns::latencies},
                                    {kIds, "ids", &SegmentColumns::ids},
                                    {kTimestamps, "timestamps", &SegmentColumns::timestamps},
                                    {kCosts, "costs", nullptr},
                                    {kInputs, "input_tokens", &SegmentColumns::input_tokens},
                                    {kOutputs, "output_tokens", &SegmentColumns::output_tokens}};

void Clear(const NamedColumn& column, SegmentColumns& columns) {
  if (column.numbers != nullptr) {
    (columns.*column.numbers).clear();
  } else {
    columns.costs.clear();
  }
}

std::string SelectColumns(ColumnSet set) {
  std::string names;
  for (const NamedColumn& column : kColumns) {
    if ((set & column.bit) != 0) names += (names.empty() ? "" : ", ") + std::string(column.name);
  }
  return fmt::format("SELECT {} FROM segments WHERE id = ?1", names);
}

absl::Status Broken(std::int64_t id, const char* column) {
  return absl::DataLossError(fmt::format("segment {} does not hold its rows' {}", id, column));
}

}  // namespace

absl::StatusOr<SegmentReader> SegmentReader::Open(sqlite3* db) {
  SegmentReader reader(db);
  absl::Status status =
      PrepareAll(db, {{SelectHeaders(kMayFit), &reader.headers_}, {SelectHeaders(kOld), &reader.old_}});
  if (!status.ok()) return status;
  return reader;
}

absl::Status SegmentReader::ForEach(const RowFilter& filter,
                                    const std::function<absl::Status(const SegmentHeader&)>& visit) {
  const RunningStatement run(headers_.get());
  sqlite3_bind_int64(run.get(), 1, filter.since.time_since_epoch().count());
  sqlite3_bind_int64(run.get(), 2, filter.until.time_since_epoch().count());
  BindOptional(run.get(), 3, filter.model);
  BindOptional(run.get(), 4, filter.provider);
  BindOptional(run.get(), 5, filter.streaming);
  BindOptional(run.get(), 6, filter.success);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(run.get())) == SQLITE_ROW) {
    if (absl::Status status = visit(ReadHeader(run.get())); !status.ok()) return status;
  }
  return code == SQLITE_DONE ? absl::OkStatus() : LastError(db_, "read segments");
}

absl::StatusOr<std::optional<SegmentHeader>> SegmentReader::AnyWithRowsBefore(LogTime time) {
  const RunningStatement run(old_.get());
  sqlite3_bind_int64(run.get(), 1, time.time_since_epoch().count());
  const int code = sqlite3_step(run.get());
  if (code == SQLITE_ROW) return std::optional(ReadHeader(run.get()));
  if (code == SQLITE_DONE) return std::optional<SegmentHeader>();
  return LastError(db_, "look for old segments");
}

absl::Status SegmentReader::ReadColumns(std::int64_t id, std::int64_t rows, ColumnSet set,
                                        SegmentColumns& columns) {
  SqliteStatement& statement = columns_.at(set);
  if (statement == nullptr) {
    absl::StatusOr<SqliteStatement> prepared = Prepare(db_, SelectColumns(set));
    if (!prepared.ok()) return prepared.status();
    statement = *std::move(prepared);
  }
  const RunningStatement run(statement.get());
  sqlite3_bind_int64(run.get(), 1, id);
  if (sqlite3_step(run.get()) != SQLITE_ROW) return LastError(db_, "read a segment");
  int at = 0;
  for (const NamedColumn& column : kColumns) {
    if ((set & column.bit) == 0) {
      Clear(column, columns);
      continue;
    }
    const std::string_view bytes = ColumnBytes(run.get(), at++);
    const auto count = static_cast<std::size_t>(rows);
    const bool whole = column.numbers != nullptr ? DecodeNumbers(bytes, count, columns.*column.numbers)
                                                 : DecodeReals(bytes, count, columns.costs);
    if (!whole) return Broken(id, column.name);
  }
  return absl::OkStatus();
}

}  // namespace arbstr::request_log
