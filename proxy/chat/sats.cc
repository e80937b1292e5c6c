#include "proxy/chat/sats.h"

#include <charconv>

namespace arbstr::proxy {

std::string FormatSats(double sats) {
  char digits[400];  // the largest double has 309 before its point
  std::string text(digits,
                   std::to_chars(digits, digits + sizeof digits, sats, std::chars_format::fixed, 6).ptr);
  const size_t two_decimals = text.find('.') + 3;
  while (text.size() > two_decimals && text.back() == '0') text.pop_back();
  return text;
}

}  // namespace arbstr::proxy
