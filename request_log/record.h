#ifndef ARBSTR_REQUEST_LOG_RECORD_H_
#define ARBSTR_REQUEST_LOG_RECORD_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace arbstr::request_log {

// One finished request: a member per column of the table `requests`, of the same name. An empty optional is
// NULL. Text may hold any bytes; a sink stores it as valid UTF-8 without NUL (see stored_text.h).
struct Record {
  std::string correlation_id;                       // unique; writing the same id again changes nothing
  std::chrono::system_clock::time_point timestamp;  // when the request arrived; stored in UTC, milliseconds
  std::string model;                                // as the client asked
  std::optional<std::string> provider;              // the one that answered, or the last one tried
  std::optional<std::string> policy;
  bool streaming = false;
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;
  std::optional<double> cost_sats;
  std::optional<double> provider_cost_sats;  // the provider's own usage.total_cost
  std::int64_t latency_ms = 0;               // until the last byte had arrived; of a stream: the first event
  std::optional<std::int64_t> stream_duration_ms;
  bool success = false;  // true only for a complete 2xx
  std::optional<int> error_status;
  std::optional<std::string> error_message;
  int attempts = 0;                        // upstream attempts made
  std::optional<std::string> retries;      // the x-arbstr-retries value
  std::optional<std::string> attempt_log;  // JSON, only where an attempt failed

  // 200 for a success, whatever 2xx it was.
  int status() const { return success ? 200 : error_status.value_or(0); }
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_RECORD_H_
