#ifndef ARBSTR_REQUEST_LOG_RANK_ROWS_H_
#define ARBSTR_REQUEST_LOG_RANK_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "request_log/log_query.h"
#include "request_log/log_snapshot.h"

namespace arbstr::request_log {

struct RankedRows {
  std::vector<std::int64_t> ids;  // of the page's rows, in its order
  std::int64_t total = 0;         // rows that meet the filter
};

// Finds a page. Rows of the same cost or latency are ordered by timestamp, and those of one timestamp by id,
// all in the query's direction; rows without a cost come last in either.
absl::StatusOr<RankedRows> RankRows(LogSnapshot& log, const PageQuery& query);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_RANK_ROWS_H_
