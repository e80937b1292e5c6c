#include "request_log/log_snapshot.h"

#include <string>
#include <vector>

namespace arbstr::request_log {
namespace {

// Bounds the memory for rows that are in no segment yet: of a database of an older version there may be many.
constexpr std::int64_t kRowsAtOnce = 8192;

bool Fits(const RowFilter& filter, const Segment& segment) {
  const SegmentKey& key = segment.key;
  return (!filter.model || key.model == *filter.model) &&
         (!filter.provider || key.provider == filter.provider) &&
         (!filter.streaming || key.streaming == *filter.streaming) &&
         (!filter.success || key.success == *filter.success);
}

}  // namespace

absl::StatusOr<LogSnapshot> LogSnapshot::Open(sqlite3* db) {
  absl::StatusOr<RowFactsReader> rows = RowFactsReader::Open(db);
  if (!rows.ok()) return rows.status();
  absl::StatusOr<SegmentReader> segments = SegmentReader::Open(db);
  if (!segments.ok()) return segments.status();
  return LogSnapshot(*std::move(rows), *std::move(segments));
}

absl::Status LogSnapshot::CheckStopped() const {
  if (!stopped_ || !stopped_()) return absl::OkStatus();
  return absl::CancelledError(std::string("nobody waits for the answer any more"));
}

absl::Status LogSnapshot::ForEachStored(const RowFilter& filter,
                                        const std::function<absl::Status(const SegmentHeader&)>& visit) {
  return segments_.ForEach(filter, [&](const SegmentHeader& header) {
    const absl::Status status = CheckStopped();
    return status.ok() ? visit(header) : status;
  });
}

absl::Status LogSnapshot::ReadColumns(const SegmentHeader& header, ColumnSet set, SegmentColumns& columns) {
  if (absl::Status status = CheckStopped(); !status.ok()) return status;
  return segments_.ReadColumns(header.id, header.sums.rows, set, columns);
}

absl::Status LogSnapshot::ForEachNew(const RowFilter& filter,
                                     const std::function<void(const Segment&)>& visit) {
  absl::StatusOr<std::int64_t> after = rows_.RolledUpTo();
  if (!after.ok()) return after.status();
  for (;;) {
    if (absl::Status status = CheckStopped(); !status.ok()) return status;
    const absl::StatusOr<std::vector<RowFacts>> rows = rows_.RowsAfter(*after, kRowsAtOnce);
    if (!rows.ok()) return rows.status();
    if (rows->empty()) return absl::OkStatus();
    *after = rows->back().id;
    for (const Segment& segment : MakeSegments(*rows)) {
      if (Fits(filter, segment)) visit(segment);
    }
  }
}

}  // namespace arbstr::request_log
