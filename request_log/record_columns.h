#ifndef ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_
#define ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_

#include <sqlite3.h>

#include <string>

#include "request_log/log_query.h"

namespace arbstr::request_log {

// The columns of the table `requests` after `id`, in their order, as SQLite's group_concat lists them.
inline constexpr const char* kRecordColumns =
    "correlation_id,timestamp,model,provider,policy,streaming,input_tokens,output_tokens,cost_sats,"
    "provider_cost_sats,latency_ms,stream_duration_ms,success,error_status,error_message,attempts,retries,"
    "attempt_log";

// Their places there, from 0.
enum class RecordColumn {
  kCorrelationId,
  kTimestamp,
  kModel,
  kProvider,
  kPolicy,
  kStreaming,
  kInputTokens,
  kOutputTokens,
  kCostSats,
  kProviderCostSats,
  kLatencyMs,
  kStreamDurationMs,
  kSuccess,
  kErrorStatus,
  kErrorMessage,
  kAttempts,
  kRetries,
  kAttemptLog,
};

// A query whose rows ReadRecord reads; its parameter is the row's id.
std::string SelectRecord();

// The statement's current row. A timestamp not in this program's format counts as 1970.
LoggedRequest ReadRecord(sqlite3_stmt* statement);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_
