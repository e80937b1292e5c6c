#include "proxy/config/nearest_key.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace arbstr::proxy {
namespace {

size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string NearestKey(const std::string& key, const std::vector<std::string>& known) {
  std::string nearest;
  const std::string start = key.substr(0, 64);  // no known key is longer
  size_t best = std::max<size_t>(2, start.size() / 2) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(start, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace arbstr::proxy
