#include "request_log/upkeep.h"

#include <string>
#include <vector>

#include "request_log/number_column.h"
#include "request_log/segment.h"

namespace arbstr::request_log {
namespace {

constexpr const char* kInsertSegment =
    "INSERT INTO segments (model, provider, streaming, success, rows, first_timestamp, last_timestamp, "
    "sum_input_tokens, sum_output_tokens, sum_cost_sats, latencies, ids, timestamps, costs, input_tokens, "
    "output_tokens) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

void BindBytes(sqlite3_stmt* statement, int index, const std::string& bytes) {
  sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

// The places of the segment's rows from before that time, at most `limit`.
std::vector<std::size_t> PlacesBefore(const Segment& segment, LogTime before, std::size_t limit) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < segment.columns.timestamps.size() && places.size() < limit; ++i) {
    if (segment.columns.timestamps[i] < before.time_since_epoch().count()) places.push_back(i);
  }
  return places;
}

}  // namespace

absl::StatusOr<Upkeep> Upkeep::Open(sqlite3* db) {
  absl::StatusOr<RowFactsReader> rows = RowFactsReader::Open(db);
  if (!rows.ok()) return rows.status();
  absl::StatusOr<SegmentReader> segments = SegmentReader::Open(db);
  if (!segments.ok()) return segments.status();
  absl::StatusOr<WriteTransaction> transaction = WriteTransaction::Open(db);
  if (!transaction.ok()) return transaction.status();
  Upkeep upkeep(*std::move(rows), *std::move(segments), *std::move(transaction));
  absl::Status status = PrepareAll(db, {{kInsertSegment, &upkeep.insert_segment_},
                                        {"DELETE FROM segments WHERE id = ?1", &upkeep.delete_segment_},
                                        {"DELETE FROM requests WHERE id = ?1", &upkeep.delete_row_},
                                        {"UPDATE rolled_up SET up_to_id = ?1", &upkeep.set_rolled_up_},
                                        {"PRAGMA data_version", &upkeep.data_version_}});
  if (!status.ok()) return status;
  return upkeep;
}

absl::StatusOr<std::size_t> Upkeep::InTransaction(absl::FunctionRef<absl::StatusOr<std::size_t>()> step) {
  absl::StatusOr<std::size_t> done = std::size_t{0};
  const absl::Status status = transaction_.Run([&] {
    done = step();
    return done.status();
  });
  if (!status.ok()) return status;
  return done;
}

// What is rolled up is read inside the transaction: another arbstr may use the same file.
absl::StatusOr<std::size_t> Upkeep::RollUp(std::int64_t limit, GrowingSegments& written,
                                           std::int64_t version) {
  bool all_of_front = false;
  const absl::StatusOr<std::size_t> rows = InTransaction([&]() -> absl::StatusOr<std::size_t> {
    const absl::StatusOr<std::int64_t> now = DataVersion();
    if (!now.ok()) return now.status();
    if (*now != version) written.Clear();
    const absl::StatusOr<std::int64_t> up_to = rows_.RolledUpTo();
    if (!up_to.ok()) return up_to.status();
    // Never twice, should a commit that was reported as failed have taken effect.
    if (*up_to >= written.first_id()) written.Clear();
    const absl::StatusOr<std::size_t> stored = RollUpStored(*up_to, written.first_id(), limit);
    if (!stored.ok() || *stored > 0 || written.empty()) return stored;
    all_of_front = true;
    if (absl::Status status = RollUpWritten(written.front()); !status.ok()) return status;
    return static_cast<std::size_t>(written.front().rows);
  });
  if (rows.ok() && all_of_front) written.PopFront();
  return rows;
}

absl::StatusOr<std::size_t> Upkeep::Prune(LogTime before, std::size_t limit) {
  return InTransaction([&] { return PruneNext(before, limit); });
}

absl::StatusOr<std::size_t> Upkeep::RollUpStored(std::int64_t after, std::int64_t before,
                                                 std::int64_t limit) {
  if (before - after <= 1) return std::size_t{0};
  const absl::StatusOr<std::vector<RowFacts>> rows = rows_.RowsBetween(after, before, limit);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return std::size_t{0};
  for (const Segment& segment : MakeSegments(*rows)) {
    if (absl::Status status = Insert(segment); !status.ok()) return status;
  }
  if (absl::Status status = ForId(set_rolled_up_.get(), rows->back().id, "note what is rolled up");
      !status.ok()) {
    return status;
  }
  return rows->size();
}

absl::Status Upkeep::RollUpWritten(const GrowingSegments::Group& group) {
  for (const auto& [key, segment] : group.segments) {
    if (absl::Status status = Insert(segment); !status.ok()) return status;
  }
  return ForId(set_rolled_up_.get(), group.last_id(), "note what is rolled up");
}

absl::StatusOr<std::int64_t> Upkeep::DataVersion() {
  const RunningStatement run(data_version_.get());
  if (sqlite3_step(run.get()) != SQLITE_ROW) {
    return LastError(sqlite3_db_handle(run.get()), "read the data's version");
  }
  return sqlite3_column_int64(run.get(), 0);
}

absl::StatusOr<std::size_t> Upkeep::PruneNext(LogTime before, std::size_t limit) {
  const absl::StatusOr<std::optional<SegmentHeader>> header = segments_.AnyWithRowsBefore(before);
  if (!header.ok()) return header.status();
  if (!*header) return std::size_t{0};
  Segment segment{(*header)->key, (*header)->sums, {}};
  absl::Status status = segments_.ReadColumns((*header)->id, segment.sums.rows, kAllColumns, segment.columns);
  if (!status.ok()) return status;
  const std::vector<std::size_t> places = PlacesBefore(segment, before, limit);
  for (std::size_t i = 0; status.ok() && i < places.size(); ++i) {
    status = ForId(delete_row_.get(), segment.columns.ids[places[i]], "delete an old row");
  }
  if (status.ok()) status = ForId(delete_segment_.get(), (*header)->id, "delete an old segment");
  const Segment rest = WithoutRows(segment, places);
  if (status.ok() && rest.sums.rows > 0) status = Insert(rest);
  if (!status.ok()) return status;
  return places.size();
}

absl::Status Upkeep::Insert(const Segment& segment) {
  const RunningStatement run(insert_segment_.get());
  const auto& [rows, first, last, input_tokens, output_tokens, cost_sats] = segment.sums;
  const SegmentColumns& columns = segment.columns;
  BindText(run.get(), 1, segment.key.model);
  if (segment.key.provider) BindText(run.get(), 2, *segment.key.provider);
  sqlite3_bind_int(run.get(), 3, segment.key.streaming ? 1 : 0);
  sqlite3_bind_int(run.get(), 4, segment.key.success ? 1 : 0);
  int index = 4;
  for (const std::int64_t sum : {rows, first, last, input_tokens, output_tokens}) {
    sqlite3_bind_int64(run.get(), ++index, sum);
  }
  sqlite3_bind_double(run.get(), ++index, cost_sats);
  for (const std::string& bytes :
       {EncodeNumbers(columns.latencies), EncodeNumbers(columns.ids), EncodeNumbers(columns.timestamps),
        EncodeReals(columns.costs), EncodeNumbers(columns.input_tokens),
        EncodeNumbers(columns.output_tokens)}) {
    BindBytes(run.get(), ++index, bytes);
  }
  return RunStatement(run.get(), "insert a segment");
}

absl::Status Upkeep::ForId(sqlite3_stmt* statement, std::int64_t id, const char* doing) {
  const RunningStatement run(statement);
  sqlite3_bind_int64(run.get(), 1, id);
  return RunStatement(run.get(), doing);
}

}  // namespace arbstr::request_log
