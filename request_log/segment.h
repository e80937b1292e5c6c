// A segment is a compact columnar copy of a few thousand rows, for statistics and paging. The writer puts
// every few thousand new rows into segments, one for each combination of model, provider, streaming and
// success among them. Where all rows of a segment lie in a query's range, its sums answer; otherwise its
// columns do. Pure.
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

// Each column has one value per row, in order of id; columns that were not asked for are empty.
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

  // Adds the row at that place of the columns.
  void Add(const SegmentColumns& columns, std::size_t place);
};

struct Segment {
  SegmentKey key;
  SegmentSums sums;
  SegmentColumns columns;

  void Add(const RowFacts& row);
};

// The sum, or the largest or smallest number where it would overflow.
std::int64_t SaturatingSum(std::int64_t a, std::int64_t b);

// The rows' segments, in no particular order.
std::vector<Segment> MakeSegments(const std::vector<RowFacts>& rows);

// The segment without the rows at those places, which are in ascending order.
Segment WithoutRows(const Segment& segment, const std::vector<std::size_t>& places);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SEGMENT_H_
