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

void Segment::Add(const RowFacts& row) {
  ++sums.rows;
  sums.first_timestamp = std::min(sums.first_timestamp, row.timestamp);
  sums.last_timestamp = std::max(sums.last_timestamp, row.timestamp);
  sums.input_tokens = SaturatingSum(sums.input_tokens, row.input_tokens);
  sums.output_tokens = SaturatingSum(sums.output_tokens, row.output_tokens);
  if (!std::isnan(row.cost_sats)) sums.cost_sats += row.cost_sats;
  columns.ids.push_back(row.id);
  columns.timestamps.push_back(row.timestamp);
  columns.latencies.push_back(row.latency_ms);
  columns.input_tokens.push_back(row.input_tokens);
  columns.output_tokens.push_back(row.output_tokens);
  columns.costs.push_back(row.cost_sats);
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
