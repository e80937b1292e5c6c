#include "proxy/chat/sats.h"

#include <fmt/format.h>

namespace arbstr::proxy {

std::string FormatSats(double sats) {
  std::string text = fmt::format("{:.6f}", sats);
  const size_t two_decimals = text.find('.') + 3;
  while (text.size() > two_decimals && text.back() == '0') text.pop_back();
  return text;
}

}  // namespace arbstr::proxy
