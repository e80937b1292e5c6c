#include "request_log/timestamp.h"

#include <cstddef>
#include <cstdint>

namespace arbstr::request_log {

namespace {

// The last digits of the number, ending before `end`.
void PutDigits(std::string& text, std::size_t end, std::size_t digits, std::int64_t number) {
  for (; digits > 0; --digits, number /= 10) text[--end] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string FormatTimestamp(std::chrono::sys_time<std::chrono::milliseconds> time) {
  return std::string(TimestampFormat()(time));
}

std::string FormatTimestamp(std::chrono::system_clock::time_point time) {
  return std::string(TimestampFormat()(time));
}

std::string_view TimestampFormat::operator()(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (second != second_) {
    second_ = second;
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(second - day);
    PutDigits(text_, 4, 4, static_cast<int>(date.year()));
    PutDigits(text_, 7, 2, static_cast<unsigned>(date.month()));
    PutDigits(text_, 10, 2, static_cast<unsigned>(date.day()));
    PutDigits(text_, 13, 2, clock.hours().count());
    PutDigits(text_, 16, 2, clock.minutes().count());
    PutDigits(text_, 19, 2, clock.seconds().count());
  }
  PutDigits(text_, 23, 3, (time - second).count());
  return text_;
}

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> ParseTimestamp(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool fits = kForm[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
    if (!fits) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) value = 10 * value + (text[i] - '0');
    return value;
  };
  const auto month = static_cast<unsigned>(number(5, 2)), day = static_cast<unsigned>(number(8, 2));
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)), std::chrono::month(month),
                                         std::chrono::day(day)};
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + std::chrono::milliseconds(number(20, 3));
}

}  // namespace arbstr::request_log
