// The whole log as of one moment, in pieces that a filter lets through: the stored segments, and segments
// made on the spot from the rows that are in none yet.
#ifndef ARBSTR_REQUEST_LOG_LOG_SNAPSHOT_H_
#define ARBSTR_REQUEST_LOG_LOG_SNAPSHOT_H_

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "request_log/log_query.h"
#include "request_log/row_facts_reader.h"
#include "request_log/segment_reader.h"

namespace arbstr::request_log {

// Whether a row with that timestamp lies in the filter's range.
inline bool InRange(const RowFilter& filter, std::int64_t timestamp) {
  return timestamp >= filter.since.time_since_epoch().count() &&
         timestamp < filter.until.time_since_epoch().count();
}

// Whether all of the segment's rows lie in the filter's range.
inline bool WhollyInRange(const RowFilter& filter, const SegmentSums& sums) {
  return InRange(filter, sums.first_timestamp) && InRange(filter, sums.last_timestamp);
}

// Uses the connection, which outlives it and has a read transaction open while it is used.
class LogSnapshot {
 public:
  static absl::StatusOr<LogSnapshot> Open(sqlite3* db);

  // From now on every call ends as Cancelled once `stopped` returns true; it is asked every few thousand
  // rows.
  void StopWhen(std::function<bool()> stopped) { stopped_ = std::move(stopped); }

  absl::Status ForEachStored(const RowFilter& filter,
                             const std::function<absl::Status(const SegmentHeader&)>& visit);
  absl::Status ReadColumns(const SegmentHeader& header, ColumnSet set, SegmentColumns& columns);
  absl::Status ForEachNew(const RowFilter& filter, const std::function<void(const Segment&)>& visit);

 private:
  LogSnapshot(RowFactsReader rows, SegmentReader segments)
      : rows_(std::move(rows)), segments_(std::move(segments)) {}

  absl::Status CheckStopped() const;

  RowFactsReader rows_;
  SegmentReader segments_;
  std::function<bool()> stopped_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_LOG_SNAPSHOT_H_
