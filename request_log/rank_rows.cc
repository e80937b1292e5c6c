#include "request_log/rank_rows.h"

#include <algorithm>
#include <limits>

#include "request_log/best_rows.h"

namespace arbstr::request_log {
namespace {

// With this many rows before a page it pays to find out first which segments lie wholly before it.
constexpr std::int64_t kDeep = 200;

std::int64_t RowsBefore(const PageQuery& query) { return (query.page - 1) * query.per_page; }

ColumnSet ColumnsFor(SortBy sort) {
  switch (sort) {
    case SortBy::kCostSats:
      return kIds | kTimestamps | kCosts;
    case SortBy::kLatencyMs:
      return kIds | kTimestamps | kLatencies;
    case SortBy::kTimestamp:
      break;
  }
  return kIds | kTimestamps;
}

std::int64_t ValueAt(const SegmentColumns& columns, std::size_t i, const PageQuery& query) {
  switch (query.sort) {
    case SortBy::kCostSats:
      return RankOfCost(columns.costs[i], query.descending);
    case SortBy::kLatencyMs:
      return RankOf(columns.latencies[i], query.descending);
    case SortBy::kTimestamp:
      break;
  }
  return RankOf(columns.timestamps[i], query.descending);
}

// The ranks of a segment's first and last row, by timestamp.
struct TimeRanks {
  std::int64_t first;
  std::int64_t last;
};

TimeRanks RanksOf(const SegmentSums& sums, bool descending) {
  return descending ? TimeRanks{RankOf(sums.last_timestamp, true), RankOf(sums.first_timestamp, true)}
                    : TimeRanks{sums.first_timestamp, sums.last_timestamp};
}

// The rows before a page that are only counted, not ranked: fewer rows are kept, fewer segments are opened.
struct Skip {
  std::int64_t below = std::numeric_limits<std::int64_t>::min();  // rows of a lower rank lie before the page
  std::int64_t rows = 0;  // how many of them are in segments that hold no others
};

// Where the rows of a lower rank all lie before the page: the segments that may hold such rows have no more
// rows, together with all `new_rows`, than there are before it.
Skip SkipBefore(const PageQuery& query, const std::vector<SegmentHeader>& by_time, std::int64_t new_rows) {
  Skip skip;
  std::int64_t before = new_rows;
  for (const SegmentHeader& header : by_time) {
    if (before > RowsBefore(query)) break;
    skip.below = RanksOf(header.sums, query.descending).first;
    before += header.sums.rows;
  }
  for (const SegmentHeader& header : by_time) {
    if (RanksOf(header.sums, query.descending).last < skip.below &&
        WhollyInRange(query.filter, header.sums)) {
      skip.rows += header.sums.rows;
    }
  }
  return skip;
}

// Finds the page among all rows, which it is shown in any order.
class PageSearch {
 public:
  PageSearch(const PageQuery& query, const Skip& skip)
      : query_(query),
        first_(RowsBefore(query)),
        skip_below_(skip.below),
        skipped_(skip.rows),
        best_(static_cast<std::size_t>(first_ - skipped_ + query.per_page)) {}

  // True: the segment is counted, and none of its rows can be on the page.
  bool Pass(const SegmentHeader& header) {
    if (query_.sort != SortBy::kTimestamp || !WhollyInRange(query_.filter, header.sums)) return false;
    const TimeRanks ranks = RanksOf(header.sums, query_.descending);
    if (ranks.last >= skip_below_ && best_.Wants(ranks.first)) return false;
    total_ += header.sums.rows;
    return true;
  }

  void Offer(const SegmentColumns& columns) {
    for (std::size_t i = 0; i < columns.ids.size(); ++i) {
      if (!InRange(query_.filter, columns.timestamps[i])) continue;
      ++total_;
      const std::int64_t value = ValueAt(columns, i, query_);
      if (value < skip_below_) {
        ++skipped_;
      } else if (best_.Wants(value)) {
        best_.Offer({value, RankOf(columns.timestamps[i], query_.descending),
                     RankOf(columns.ids[i], query_.descending)});
      }
    }
  }

  RankedRows Finish() {
    RankedRows found;
    found.total = total_;
    for (const RowRank& row :
         best_.Take(static_cast<std::size_t>(first_ - skipped_), static_cast<std::size_t>(query_.per_page))) {
      found.ids.push_back(RankOf(row.id, query_.descending));
    }
    return found;
  }

 private:
  const PageQuery& query_;
  const std::int64_t first_;  // rows before the page
  const std::int64_t skip_below_;
  std::int64_t skipped_;  // rows below it, in segments that are passed or among those offered
  std::int64_t total_ = 0;
  BestRows best_;
};

absl::StatusOr<std::vector<SegmentHeader>> ReadHeaders(LogSnapshot& log, const PageQuery& query) {
  std::vector<SegmentHeader> headers;
  const absl::Status status = log.ForEachStored(query.filter, [&](const SegmentHeader& header) {
    headers.push_back({header.id, {}, header.sums});
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  // The most promising first: soon most segments need not be opened.
  std::ranges::sort(
      headers, {}, [&](const SegmentHeader& header) { return RanksOf(header.sums, query.descending).first; });
  return headers;
}

// Only a deep page by time skips anything; it alone pays for counting the new rows.
absl::StatusOr<Skip> FindSkip(LogSnapshot& log, const PageQuery& query,
                              const std::vector<SegmentHeader>& by_time) {
  if (query.sort != SortBy::kTimestamp || RowsBefore(query) < kDeep) return Skip{};
  std::int64_t new_rows = 0;  // an upper bound: some may lie outside the filter's range
  const absl::Status status =
      log.ForEachNew(query.filter, [&](const Segment& segment) { new_rows += segment.sums.rows; });
  if (!status.ok()) return status;
  return SkipBefore(query, by_time, new_rows);
}

}  // namespace

absl::StatusOr<RankedRows> RankRows(LogSnapshot& log, const PageQuery& query) {
  const absl::StatusOr<std::vector<SegmentHeader>> headers = ReadHeaders(log, query);
  if (!headers.ok()) return headers.status();
  const absl::StatusOr<Skip> skip = FindSkip(log, query, *headers);
  if (!skip.ok()) return skip.status();
  PageSearch page(query, *skip);
  absl::Status status =
      log.ForEachNew(query.filter, [&](const Segment& segment) { page.Offer(segment.columns); });
  if (!status.ok()) return status;
  SegmentColumns columns;
  for (const SegmentHeader& header : *headers) {
    if (page.Pass(header)) continue;
    status = log.ReadColumns(header, ColumnsFor(query.sort), columns);
    if (!status.ok()) return status;
    page.Offer(columns);
  }
  return page.Finish();
}

}  // namespace arbstr::request_log
