// The gateway's rows, read from its database as anybody could with sqlite3.
#ifndef ARBSTR_INTEGRATION_TESTS_LOG_ROWS_H_
#define ARBSTR_INTEGRATION_TESTS_LOG_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace integration_tests {

struct Row {
  std::string correlation_id, timestamp, model;
  std::optional<std::string> provider, policy;
  std::int64_t streaming = 0;
  std::optional<std::int64_t> input_tokens, output_tokens;
  std::optional<double> cost_sats, provider_cost_sats;
  std::int64_t latency_ms = 0;
  std::optional<std::int64_t> stream_duration_ms;
  std::int64_t success = 0;
  std::optional<std::int64_t> error_status;
  std::optional<std::string> error_message;
  std::int64_t attempts = 0;
  std::optional<std::string> retries, attempt_log;
};

// In order of id. Empty while the database or its table is not there.
std::vector<Row> ReadRows(const std::string& database);

// Waits until there are at most `count`; false when patience ends first.
[[nodiscard]] bool WaitForRowsToGo(const std::string& database, std::size_t count);

// Changes the database as somebody with sqlite3 would; fails silently, as the rows then show.
void RunSql(const std::string& database, const std::string& sql);

// What PRAGMA integrity_check says, "ok" where there is no file yet.
std::string IntegrityOf(const std::string& database);

// Waits until there are at least `count`, and fails the test when there never are; what there is then.
std::vector<Row> WaitForRows(const std::string& database, std::size_t count);

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_LOG_ROWS_H_
