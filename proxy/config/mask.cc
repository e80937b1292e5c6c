#include "proxy/config/mask.h"

#include <algorithm>

namespace arbstr::proxy {

std::string MaskKey(const std::string& key) {
  if (key.empty()) return "";
  std::string shown = key.substr(0, std::min<size_t>(5, key.size() / 3));
  // Not in the middle of a character of several bytes.
  while (!shown.empty() && (static_cast<unsigned char>(key[shown.size()]) & 0xc0) == 0x80) shown.pop_back();
  return shown + "…";
}

}  // namespace arbstr::proxy
