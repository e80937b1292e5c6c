#ifndef ARBSTR_REQUEST_LOG_TESTING_ROWS_H_
#define ARBSTR_REQUEST_LOG_TESTING_ROWS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "request_log/log_query.h"
#include "request_log/record.h"
#include "request_log/sink.h"

namespace arbstr::request_log {

inline LogTime At(std::int64_t milliseconds) { return LogTime(std::chrono::milliseconds(milliseconds)); }

inline Record RowNamed(const std::string& correlation_id) {
  Record record;
  record.correlation_id = correlation_id;
  record.model = "gpt-4o";
  return record;
}

// Rows of a few models and providers in every combination, at random times in [from, until).
class RandomRows {
 public:
  RandomRows(std::uint64_t seed, LogTime from, LogTime until) : random_(seed), from_(from), until_(until) {}

  Record Next() {
    Record row;
    row.correlation_id = "id-" + std::to_string(++count_);
    row.timestamp = from_ + std::chrono::milliseconds(Below((until_ - from_).count()));
    row.model = "model-" + std::to_string(Below(4));
    if (Below(10) > 0) row.provider = "provider-" + std::to_string(Below(3));
    row.streaming = Below(3) == 0;
    row.success = Below(5) > 0;
    if (Below(8) > 0) {
      row.input_tokens = Below(5000);
      row.output_tokens = Below(800);
      // Quarters have exact sums, in whatever order they are added.
      row.cost_sats = static_cast<double>(Below(200)) / 4;
    }
    row.latency_ms = Below(20) > 0 ? Below(300) : Below(100'000);
    if (row.streaming) row.stream_duration_ms = Below(1000);
    if (!row.success) {
      row.error_status = 400 + static_cast<int>(Below(200));
      row.error_message = "went wrong";
    }
    row.attempts = static_cast<int>(Below(4));
    return row;
  }
  std::vector<Record> Next(std::size_t count) {
    std::vector<Record> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back(Next());
    return rows;
  }
  std::int64_t Below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
  }

 private:
  std::mt19937_64 random_;
  const LogTime from_, until_;
  std::int64_t count_ = 0;
};

// Upkeep until there is none left.
inline void MaintainAll(Sink& sink, LogTime now) {
  for (;;) {
    const absl::StatusOr<bool> more = sink.Maintain(now);
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) return;
  }
}

inline bool NeverStopped() { return false; }

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_TESTING_ROWS_H_
