#include "proxy/chat/sats.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace arbstr::proxy {
namespace {

// Rounds to whole millionths. Nothing where the cost is so large, or so close to the middle between two of
// them, that the product's error, less than `kDoubt`, could change the result: the caller then takes the
// slow, exact path.
std::optional<uint64_t> Millionths(double sats) {
  constexpr double kMost = 1e6, kDoubt = 1e-3;
  if (!(sats > 0 && sats < kMost)) return std::nullopt;
  const double product = sats * 1e6;
  const auto whole = static_cast<uint64_t>(product);
  const double rest = product - static_cast<double>(whole);
  if (std::abs(rest - 0.5) < kDoubt) return std::nullopt;
  return whole + (rest > 0.5 ? 1 : 0);
}

}  // namespace

std::string FormatSats(double sats) {
  char digits[400];  // the largest double has 309 before its point
  char* end = digits;
  if (const auto millionths = Millionths(sats)) {
    end = std::to_chars(digits, digits + sizeof digits, *millionths / 1'000'000).ptr;
    *end = '.';
    uint64_t rest = *millionths % 1'000'000;
    for (int place = 6; place > 0; --place, rest /= 10) end[place] = static_cast<char>('0' + rest % 10);
    end += 7;
  } else {
    end = std::to_chars(digits, digits + sizeof digits, sats, std::chars_format::fixed, 6).ptr;
  }
  const char* const two_decimals = end - 4;
  while (end > two_decimals && end[-1] == '0') --end;
  return std::string(digits, end);
}

}  // namespace arbstr::proxy
