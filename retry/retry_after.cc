#include "retry/retry_after.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "retry/http_date.h"

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;

// Longer than any sensible value, decimals with needless digits included.
constexpr std::size_t kLongestValue = 128;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TrimBlanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Reads DIGITS [ "." DIGITS ] as that many times 10^shift, rounded up, at most kLongestRetryAfter.
std::optional<milliseconds> ParseDecimal(std::string_view text, int shift) {
  constexpr std::int64_t kLongest = kLongestRetryAfter.count();
  std::int64_t value = 0;
  bool remainder = false;
  std::size_t i = 0;
  const auto append = [&](int digit) { value = std::min(value * 10 + digit, kLongest); };
  for (; i < text.size() && IsDigit(text[i]); ++i) append(text[i] - '0');
  if (i == 0) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != '.' || ++i == text.size()) return std::nullopt;
    for (; i < text.size() && IsDigit(text[i]); ++i) {
      if (shift > 0) {
        append(text[i] - '0');
        --shift;
      } else {
        remainder = remainder || text[i] != '0';
      }
    }
    if (i < text.size()) return std::nullopt;
  }
  for (; shift > 0; --shift) append(0);
  return milliseconds{std::min(value + (remainder ? 1 : 0), kLongest)};
}

std::optional<milliseconds> ParseDate(std::string_view text, std::chrono::system_clock::time_point now) {
  const std::optional<std::chrono::sys_seconds> date = ParseHttpDate(text, now);
  if (!date) return std::nullopt;
  // Milliseconds on both sides: the clock's nanoseconds end in the year 2262, a date's year is any.
  const auto wait = std::chrono::time_point_cast<milliseconds>(*date) - std::chrono::floor<milliseconds>(now);
  return std::clamp(wait, milliseconds{0}, kLongestRetryAfter);
}

}  // namespace

std::optional<milliseconds> ParseRetryAfter(std::optional<std::string_view> retry_after_ms,
                                            std::optional<std::string_view> retry_after,
                                            std::chrono::system_clock::time_point now) {
  if (retry_after_ms && retry_after_ms->size() <= kLongestValue) {
    if (const auto wait = ParseDecimal(TrimBlanks(*retry_after_ms), 0)) return wait;
  }
  if (!retry_after || retry_after->size() > kLongestValue) return std::nullopt;
  const std::string_view value = TrimBlanks(*retry_after);
  if (const auto wait = ParseDecimal(value, 3)) return wait;
  return ParseDate(value, now);
}

}  // namespace arbstr::retry
