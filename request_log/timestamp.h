#ifndef ARBSTR_REQUEST_LOG_TIMESTAMP_H_
#define ARBSTR_REQUEST_LOG_TIMESTAMP_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace arbstr::request_log {

// What can be formatted: the years 0000 to 9999.
inline constexpr std::chrono::sys_time<std::chrono::milliseconds> kEarliestTimestamp =
    std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
inline constexpr std::chrono::sys_time<std::chrono::milliseconds> kLatestTimestamp =
    std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - std::chrono::milliseconds(1);

// UTC in whole milliseconds, rounded down, as the log stores it: 2026-01-31T12:00:00.123Z. Sorts as text.
std::string FormatTimestamp(std::chrono::sys_time<std::chrono::milliseconds> time);
std::string FormatTimestamp(std::chrono::system_clock::time_point time);

// The same for many times, most of them in the same second as the one before: then only the milliseconds are
// written anew.
class TimestampFormat {
 public:
  // Valid until the next call.
  std::string_view operator()(std::chrono::sys_time<std::chrono::milliseconds> time);
  std::string_view operator()(std::chrono::system_clock::time_point time) {
    return (*this)(std::chrono::floor<std::chrono::milliseconds>(time));
  }

 private:
  std::chrono::sys_seconds second_{};
  std::string text_ = "1970-01-01T00:00:00.000Z";
};

// The reverse of FormatTimestamp, of exactly that form.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> ParseTimestamp(std::string_view text);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_TIMESTAMP_H_
