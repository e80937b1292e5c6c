#include "proxy/config/mask.h"

#include <algorithm>

namespace arbstr::proxy {

std::string MaskKey(const std::string& key) {
  if (key.empty()) return "";
  const std::size_t most = std::min<std::size_t>(5, key.size() / 3);
  std::size_t shown = 0;
  while (shown < most && key[shown] > ' ' && key[shown] < '\x7F') ++shown;  // never part of a character
  return key.substr(0, shown) + "…";
}

}  // namespace arbstr::proxy
