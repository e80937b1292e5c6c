// A segment: what is asked of many rows at once, kept a second time in few bytes. The writer puts every few
// thousand new rows into segments, one for each combination of model, provider, streaming and success among
// them; sums answer for a segment that lies in the range as a whole, columns for one that does not. Pure.
#ifndef ARBSTR_REQUEST_LOG_SEGMENT_H_
#define ARBSTR_REQUEST_LOG_SEGMENT_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace arbstr::request_log {

struct SegmentKey {
  std::string model;
  std::optional<std::string> provider;
  bool streaming = false;
  bool success = false;
  auto operator<=>(const SegmentKey&) const = default;
};

// What a segment keeps of one row.
struct RowFacts {
  SegmentKey key;
  std::int64_t id = 0;
  std::int64_t timestamp = 0;  // milliseconds since 1970
  std::int64_t latency_ms = 0;
  std::int64_t input_tokens = 0;  // 0 where not known
  std::int64_t output_tokens = 0;
  double cost_sats = std::numeric_limits<double>::quiet_NaN();  // NaN where not known
};

// A value a row each, in order of id; those that nobody asked for are empty.
struct SegmentColumns {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> timestamps;
  std::vector<std::int64_t> latencies;
  std::vector<std::int64_t> input_tokens;
  std::vector<std::int64_t> output_tokens;
  std::vector<double> costs;
};

struct SegmentSums {
  std::int64_t rows = 0;
  std::int64_t first_timestamp = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_timestamp = std::numeric_limits<std::int64_t>::min();
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double cost_sats = 0;

  // The row at that place of the columns.
  void Add(const SegmentColumns& columns, std::size_t place);
};

struct Segment {
  SegmentKey key;
  SegmentSums sums;
  SegmentColumns columns;

  void Add(const RowFacts& row);
};

// The largest or smallest number there is in place of an overflow.
std::int64_t SaturatingSum(std::int64_t a, std::int64_t b);

// The rows' segments, in no particular order.
std::vector<Segment> MakeSegments(const std::vector<RowFacts>& rows);

// The segment without the rows at those places, which ascend.
Segment WithoutRows(const Segment& segment, const std::vector<std::size_t>& places);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SEGMENT_H_
