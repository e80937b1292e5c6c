#include "request_log/tally_stats.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "request_log/latency_counts.h"

namespace arbstr::request_log {
namespace {

constexpr std::size_t kMostGroups = 1000;

class Tally {
 public:
  void AddRows(const SegmentKey& key, const SegmentSums& sums) {
    totals_.total += sums.rows;
    if (key.success) totals_.success += sums.rows;
    if (key.streaming) totals_.streaming += sums.rows;
    totals_.input_tokens = SaturatingSum(totals_.input_tokens, sums.input_tokens);
    totals_.output_tokens = SaturatingSum(totals_.output_tokens, sums.output_tokens);
    totals_.cost_sats += sums.cost_sats;
  }
  void AddLatency(std::int64_t ms) { latencies_.Add(ms); }
  void Add(const Tally& other) {
    totals_.total += other.totals_.total;
    totals_.success += other.totals_.success;
    totals_.streaming += other.totals_.streaming;
    totals_.input_tokens = SaturatingSum(totals_.input_tokens, other.totals_.input_tokens);
    totals_.output_tokens = SaturatingSum(totals_.output_tokens, other.totals_.output_tokens);
    totals_.cost_sats += other.totals_.cost_sats;
    latencies_.Add(other.latencies_);
  }

  std::int64_t total() const { return totals_.total; }
  Totals Finish() const {
    Totals totals = totals_;
    totals.avg_latency_ms = latencies_.Mean();
    const auto percentiles = latencies_.Percentiles({50, 95, 99});
    totals.p50_latency_ms = percentiles[0];
    totals.p95_latency_ms = percentiles[1];
    totals.p99_latency_ms = percentiles[2];
    return totals;
  }

 private:
  Totals totals_;  // but for the latencies
  LatencyCounts latencies_;
};

// By name; one without a name for kNothing.
using Groups = std::map<std::optional<std::string>, Tally>;

Tally& GroupOf(const SegmentKey& key, GroupBy group_by, Groups& groups) {
  switch (group_by) {
    case GroupBy::kModel:
      return groups[key.model];
    case GroupBy::kProvider:
      return groups[key.provider];
    case GroupBy::kNothing:
      break;
  }
  return groups[std::nullopt];
}

void AddSegment(const SegmentKey& key, const SegmentSums& sums, const SegmentColumns& columns, Tally& tally) {
  tally.AddRows(key, sums);
  for (const std::int64_t ms : columns.latencies) tally.AddLatency(ms);
}

void AddRowsInRange(const RowFilter& filter, const SegmentKey& key, const SegmentColumns& columns,
                    Tally& tally) {
  SegmentSums sums;
  for (std::size_t i = 0; i < columns.timestamps.size(); ++i) {
    if (!InRange(filter, columns.timestamps[i])) continue;
    sums.Add(columns, i);
    tally.AddLatency(columns.latencies[i]);
  }
  tally.AddRows(key, sums);
}

std::vector<GroupTotals> Largest(const Groups& groups) {
  std::vector<Groups::const_iterator> order;
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    if (group->second.total() > 0) order.push_back(group);
  }
  std::ranges::stable_sort(
      order, [](const auto& a, const auto& b) { return a->second.total() > b->second.total(); });
  order.resize(std::min(order.size(), kMostGroups));
  std::vector<GroupTotals> largest;
  for (const auto& group : order) largest.push_back({group->first, group->second.Finish()});
  return largest;
}

}  // namespace

absl::StatusOr<Stats> TallyStats(LogSnapshot& log, const StatsQuery& query) {
  const RowFilter& filter = query.filter;
  Groups groups;
  SegmentColumns columns;
  absl::Status status = log.ForEachStored(filter, [&](const SegmentHeader& header) {
    const bool whole = WhollyInRange(filter, header.sums);
    const ColumnSet needed = whole ? kLatencies : kAllColumns & ~kIds;
    if (absl::Status read = log.ReadColumns(header, needed, columns); !read.ok()) return read;
    Tally& tally = GroupOf(header.key, query.group_by, groups);
    if (whole) {
      AddSegment(header.key, header.sums, columns, tally);
    } else {
      AddRowsInRange(filter, header.key, columns, tally);
    }
    return absl::OkStatus();
  });
  if (status.ok()) {
    status = log.ForEachNew(filter, [&](const Segment& segment) {
      AddRowsInRange(filter, segment.key, segment.columns, GroupOf(segment.key, query.group_by, groups));
    });
  }
  if (!status.ok()) return status;
  Tally all;
  for (const auto& [name, tally] : groups) all.Add(tally);
  Stats stats;
  stats.all = all.Finish();
  if (query.group_by != GroupBy::kNothing) stats.groups = Largest(groups);
  return stats;
}

}  // namespace arbstr::request_log
