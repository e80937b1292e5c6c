#ifndef ARBSTR_RETRY_HTTP_DATE_H_
#define ARBSTR_RETRY_HTTP_DATE_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace arbstr::retry {

// Reads an HTTP-date of RFC 9110, 5.6.7:
//   Sun, 06 Nov 1994 08:49:37 GMT    IMF-fixdate
//   Sunday, 06-Nov-94 08:49:37 GMT   RFC 850; the year is the one within 50 years of `now`
//   Sun Nov  6 08:49:37 1994         asctime
// Names are case-sensitive, as in the RFC. The weekday need not be the date's; a date that does not exist is
// nullopt. A leap second (60) counts as the first second of the next minute.
std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text,
                                                      std::chrono::system_clock::time_point now);

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_HTTP_DATE_H_
