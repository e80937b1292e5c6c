#include "proxy/chat/excerpt.h"

namespace arbstr::proxy {

std::string Printable(std::string_view text, size_t most) {
  std::string printable;
  for (const char c : text) {
    if (printable.size() == most) break;
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) printable.push_back(c);
  }
  return printable;
}

std::string CutText(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && most - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string Excerpt(std::string_view text) {
  return CutText(Printable(text, kExcerptBytes + 1), kExcerptBytes);
}

}  // namespace arbstr::proxy
