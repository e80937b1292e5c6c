// The segments of the rows that this program has just written, made from the rows at hand: reading a row back
// from the database would cost half as much as writing it did. Pure.
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
  // What goes into the database in one step: the segments of rows with consecutive ids.
  struct Group {
    std::int64_t first_id = 0;
    std::int64_t rows = 0;
    std::map<SegmentKey, Segment> segments;

    std::int64_t last_id() const { return first_id + rows - 1; }
  };

  // How many rows a group has, at least 1; the last group may have fewer.
  explicit GrowingSegments(std::int64_t rows_each) : rows_each_(rows_each) {}

  // Adds rows that were committed, with consecutive ids from `first_id` on. Earlier rows are forgotten where
  // these ids do not continue theirs, or where they have become too many.
  void Add(std::span<const Record> records, std::int64_t first_id);
  void Clear();
  void PopFront();

  bool empty() const { return groups_.empty(); }
  const Group& front() const { return groups_.front(); }
  // The smallest id; where there are no rows, the largest number there is.
  std::int64_t first_id() const {
    return empty() ? std::numeric_limits<std::int64_t>::max() : groups_.front().first_id;
  }

 private:
  Segment& SegmentOf(const Record& record);

  const std::int64_t rows_each_;
  std::deque<Group> groups_;
  Segment* last_ = nullptr;  // the last row's, in the last group; null where there is none
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_GROWING_SEGMENTS_H_
