#ifndef ARBSTR_ROUTER_MODEL_INDEX_H_
#define ARBSTR_ROUTER_MODEL_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "router/provider.h"

namespace arbstr::router {

// For every model the providers that serve it, cheapest first, ties by name, one per name (the cheapest of
// those that serve the model). Providers without a list of models are merged into every model's list.
class ModelIndex {
 public:
  explicit ModelIndex(std::span<const Provider> providers);

  // Positions in `providers`. Valid while the index lives and is not assigned to.
  std::span<const std::uint32_t> Find(std::string_view model) const;

  // Whether some provider lists the model. False if only providers without a list serve it.
  bool Lists(std::string_view model) const { return by_model_.find(model) != by_model_.end(); }

  // Where a provider stands among all, 0 being the cheapest.
  std::uint32_t PriceRank(std::uint32_t provider) const { return rank_[provider]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unordered_map<std::string, std::vector<std::uint32_t>, Hash, std::equal_to<>> by_model_;
  std::vector<std::uint32_t> any_model_;  // serves models that no provider lists
  std::vector<std::uint32_t> rank_;
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_MODEL_INDEX_H_
