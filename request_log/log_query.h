// What can be asked of the log, already validated, and what it answers.
#ifndef ARBSTR_REQUEST_LOG_LOG_QUERY_H_
#define ARBSTR_REQUEST_LOG_LOG_QUERY_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "request_log/record.h"

namespace arbstr::request_log {

using LogTime = std::chrono::sys_time<std::chrono::milliseconds>;

// The rows that meet every condition given.
struct RowFilter {
  LogTime since;  // of the row's timestamp: included
  LogTime until;  // excluded
  std::optional<std::string> model;
  std::optional<std::string> provider;
  std::optional<bool> streaming;
  std::optional<bool> success;
};

enum class SortBy { kTimestamp, kCostSats, kLatencyMs };

// page * per_page is at most this: the rows before a page have to be kept while it is looked for.
inline constexpr std::int64_t kDeepestRow = 1'000'000;

struct PageQuery {
  RowFilter filter;
  SortBy sort = SortBy::kTimestamp;
  bool descending = true;
  std::int64_t page = 1;  // from 1
  int per_page = 50;
};

struct LoggedRequest {
  std::int64_t id = 0;
  Record record;
};

struct Page {
  std::vector<LoggedRequest> rows;  // at most per_page; none past the last page
  std::int64_t total = 0;           // rows that meet the filter, on all pages
};

enum class GroupBy { kNothing, kModel, kProvider };

struct StatsQuery {
  RowFilter filter;
  GroupBy group_by = GroupBy::kNothing;
};

// Sums of integers stay at the largest number instead of overflowing.
struct Totals {
  std::int64_t total = 0;
  std::int64_t success = 0;
  std::int64_t streaming = 0;
  std::int64_t input_tokens = 0;  // where known; likewise the next two
  std::int64_t output_tokens = 0;
  double cost_sats = 0;
  std::optional<double> avg_latency_ms;  // empty where there are no rows; likewise the next three
  std::optional<std::int64_t> p50_latency_ms;
  std::optional<std::int64_t> p95_latency_ms;
  std::optional<std::int64_t> p99_latency_ms;
};

struct GroupTotals {
  std::optional<std::string> name;  // of the model or provider; empty: rows without a provider
  Totals totals;
};

struct Stats {
  Totals all;
  // The 1,000 with the most requests, by descending total, then by name. Empty for kNothing.
  std::vector<GroupTotals> groups;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_LOG_QUERY_H_
