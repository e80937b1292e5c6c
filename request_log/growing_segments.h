// The segments of the rows that this program has just written, made from the rows at hand: reading them back
// from the database would cost a row half as much as writing it did. Pure.
#ifndef ARBSTR_REQUEST_LOG_GROWING_SEGMENTS_H_
#define ARBSTR_REQUEST_LOG_GROWING_SEGMENTS_H_

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <span>

#include "request_log/record.h"
#include "request_log/segment.h"

namespace arbstr::request_log {

class GrowingSegments {
 public:
  // What goes into the database in one step: all rows of consecutive ids.
  struct Group {
    std::int64_t first_id = 0;
    std::int64_t rows = 0;
    std::map<SegmentKey, Segment> segments;

    std::int64_t last_id() const { return first_id + rows - 1; }
  };

  // Groups of so many rows, at least 1; the last one may have fewer.
  explicit GrowingSegments(std::int64_t rows_each) : rows_each_(rows_each) {}

  // Rows that were committed, with consecutive ids from that one on. Those of before are forgotten where the
  // ids do not continue theirs, or where they have become too many.
  void Add(std::span<const Record> records, std::int64_t first_id);
  void Clear();
  void PopFront();

  bool empty() const { return groups_.empty(); }
  const Group& front() const { return groups_.front(); }
  // The smallest id there is; greater than any where there is none.
  std::int64_t first_id() const {
    return empty() ? std::numeric_limits<std::int64_t>::max() : groups_.front().first_id;
  }

 private:
  Segment& SegmentOf(const Record& record);

  const std::int64_t rows_each_;
  std::deque<Group> groups_;
  Segment* last_ = nullptr;  // the one of the last row, in the last group; null where there is none
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_GROWING_SEGMENTS_H_
