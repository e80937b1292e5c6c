// The batch that is being written, as a virtual table of SQLite, so that one statement inserts all of it: a
// statement's start and end cost more than a row.
#ifndef ARBSTR_REQUEST_LOG_BATCH_TABLE_H_
#define ARBSTR_REQUEST_LOG_BATCH_TABLE_H_

#include <sqlite3.h>

#include <span>

#include "absl/status/status.h"
#include "request_log/record.h"

namespace arbstr::request_log {

// The table `arbstr_batch` has the columns of `requests` but for `id`, with the same names, in the same
// order: kColumns. Its rows are `records`, which stay unchanged while a statement reads them. It outlives the
// connection.
class BatchTable {
 public:
  static constexpr const char* kColumns =
      "correlation_id, timestamp, model, provider, policy, streaming, input_tokens, output_tokens, "
      "cost_sats, "
      "provider_cost_sats, latency_ms, stream_duration_ms, success, error_status, error_message, attempts, "
      "retries, attempt_log";

  BatchTable() = default;
  BatchTable(const BatchTable&) = delete;
  BatchTable& operator=(const BatchTable&) = delete;

  // Makes it known to the connection, once.
  absl::Status AddTo(sqlite3* db);

  std::span<const Record> records;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_BATCH_TABLE_H_
