#include "mock_provider/scenario_file/nearest_name.h"

#include <algorithm>
#include <cstddef>

namespace mock_provider {
namespace {

constexpr std::size_t kLongestName = 64;  // nobody misspells a short name into a longer one than this

std::size_t Edits(const std::string& from, const std::string& to) {
  std::vector<std::vector<std::size_t>> cost(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= to.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t change = from[i - 1] == to[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[from.size()][to.size()];
}

}  // namespace

std::string NearestName(const std::string& misspelt, const std::vector<std::string>& known) {
  std::string nearest;
  if (misspelt.size() > kLongestName) return nearest;
  std::size_t fewest = std::max<std::size_t>(1, misspelt.size() / 2) + 1;
  for (const std::string& name : known) {
    const std::size_t edits = name.starts_with(misspelt + "_") ? 1 : Edits(misspelt, name);
    if (edits < fewest) {
      fewest = edits;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace mock_provider
