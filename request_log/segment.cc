#include "request_log/segment.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace arbstr::request_log {

std::int64_t SaturatingSum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

void SegmentSums::Add(const SegmentColumns& columns, std::size_t place) {
  ++rows;
  first_timestamp = std::min(first_timestamp, columns.timestamps[place]);
  last_timestamp = std::max(last_timestamp, columns.timestamps[place]);
  input_tokens = SaturatingSum(input_tokens, columns.input_tokens[place]);
  output_tokens = SaturatingSum(output_tokens, columns.output_tokens[place]);
  if (!std::isnan(columns.costs[place])) cost_sats += columns.costs[place];
}

void Segment::Add(const RowFacts& row) {
  columns.ids.push_back(row.id);
  columns.timestamps.push_back(row.timestamp);
  columns.latencies.push_back(row.latency_ms);
  columns.input_tokens.push_back(row.input_tokens);
  columns.output_tokens.push_back(row.output_tokens);
  columns.costs.push_back(row.cost_sats);
  sums.Add(columns, columns.ids.size() - 1);
}

std::vector<Segment> MakeSegments(const std::vector<RowFacts>& rows) {
  std::map<SegmentKey, Segment> by_key;
  for (const RowFacts& row : rows) by_key[row.key].Add(row);
  std::vector<Segment> segments;
  segments.reserve(by_key.size());
  for (auto& [key, segment] : by_key) {
    segment.key = key;
    segments.push_back(std::move(segment));
  }
  return segments;
}

Segment WithoutRows(const Segment& segment, const std::vector<std::size_t>& places) {
  const SegmentColumns& from = segment.columns;
  Segment rest;
  rest.key = segment.key;
  auto next = places.begin();
  for (std::size_t i = 0; i < from.ids.size(); ++i) {
    if (next != places.end() && *next == i) {
      ++next;
      continue;
    }
    RowFacts row;
    row.id = from.ids[i];
    row.timestamp = from.timestamps[i];
    row.latency_ms = from.latencies[i];
    row.input_tokens = from.input_tokens[i];
    row.output_tokens = from.output_tokens[i];
    row.cost_sats = from.costs[i];
    rest.Add(row);
  }
  return rest;
}

}  // namespace arbstr::request_log
