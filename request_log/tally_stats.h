#ifndef ARBSTR_REQUEST_LOG_TALLY_STATS_H_
#define ARBSTR_REQUEST_LOG_TALLY_STATS_H_

#include "absl/status/statusor.h"
#include "request_log/log_query.h"
#include "request_log/log_snapshot.h"

namespace arbstr::request_log {

// Sums up the rows of the filter, exactly.
absl::StatusOr<Stats> TallyStats(LogSnapshot& log, const StatsQuery& query);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_TALLY_STATS_H_
