#include "router/model_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "router/price.h"

namespace arbstr::router {
namespace {

// Not-a-number would break the order that sorting relies on; it counts as the most expensive.
double SortablePrice(const Provider& provider) {
  const double price = NominalPrice(provider);
  return std::isnan(price) ? std::numeric_limits<double>::infinity() : price;
}

std::vector<std::uint32_t> CheapestFirst(std::span<const Provider> providers) {
  std::vector<std::uint32_t> order(providers.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(SortablePrice(providers[a]), std::string_view(providers[a].name), a) <
           std::tuple(SortablePrice(providers[b]), std::string_view(providers[b].name), b);
  });
  return order;
}

void KeepFirstOfEachName(std::span<const Provider> providers, std::vector<std::uint32_t>& candidates) {
  std::unordered_set<std::string_view> seen;
  std::erase_if(candidates, [&](std::uint32_t i) { return !seen.insert(providers[i].name).second; });
}

}  // namespace

ModelIndex::ModelIndex(std::span<const Provider> providers) : rank_(providers.size()) {
  const std::vector<std::uint32_t> order = CheapestFirst(providers);
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) rank_[order[rank]] = rank;

  for (const Provider& provider : providers) {
    for (const std::string& model : provider.models) by_model_.try_emplace(model);
  }
  // In order of price, so that each list comes out sorted.
  for (const std::uint32_t i : order) {
    if (!providers[i].models.empty()) {
      for (const std::string& model : providers[i].models) by_model_.find(model)->second.push_back(i);
      continue;
    }
    any_model_.push_back(i);
    for (auto& [model, candidates] : by_model_) candidates.push_back(i);
  }
  KeepFirstOfEachName(providers, any_model_);
  for (auto& [model, candidates] : by_model_) {
    KeepFirstOfEachName(providers, candidates);
    candidates.shrink_to_fit();
  }
}

std::span<const std::uint32_t> ModelIndex::Find(std::string_view model) const {
  const auto found = by_model_.find(model);
  return found == by_model_.end() ? any_model_ : found->second;
}

}  // namespace arbstr::router
