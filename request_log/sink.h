#ifndef ARBSTR_REQUEST_LOG_SINK_H_
#define ARBSTR_REQUEST_LOG_SINK_H_

#include <chrono>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "request_log/record.h"

namespace arbstr::request_log {

// Where batches of rows go. Called by one thread at a time, the log's writer.
class Sink {
 public:
  virtual ~Sink() = default;

  // Commits all records in one transaction: on OK all of them are stored, otherwise none of this call's are.
  // Idempotent by correlation_id: a row that is already there is left as it is and is not an error, so a
  // caller that does not know whether a failed call took effect may simply repeat it.
  virtual absl::Status Write(std::span<const Record> records) = 0;

  // Does a short piece of the work that can wait, if there is any; called between writes, and now and then
  // while there are none. True: more of it is left. After a failure it is tried again later.
  virtual absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point now) = 0;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SINK_H_
