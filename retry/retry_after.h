#ifndef ARBSTR_RETRY_RETRY_AFTER_H_
#define ARBSTR_RETRY_RETRY_AFTER_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace arbstr::retry {

// The longest wait ParseRetryAfter reports; larger numbers and later dates count as this.
inline constexpr std::chrono::milliseconds kLongestRetryAfter = std::chrono::hours{24 * 366};

// How long the provider asks to be left alone, from the values of its headers `retry-after-ms` and
// `Retry-After` (nullopt: not sent), rounded up to whole milliseconds.
// - `retry-after-ms` wins where it is readable: a decimal number, as in "1500" or "12.5".
// - `Retry-After` is a decimal number of seconds, or a date in any of the three forms of RFC 9110, 5.6.7; a
//   date in the past is 0. The weekday must be one, but need not be the date's.
// - Anything else (empty, signed, exponents, impossible dates, longer than 128 bytes) counts as not sent.
// `now` is what a date is measured from.
std::optional<std::chrono::milliseconds> ParseRetryAfter(std::optional<std::string_view> retry_after_ms,
                                                         std::optional<std::string_view> retry_after,
                                                         std::chrono::system_clock::time_point now);

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_RETRY_AFTER_H_
