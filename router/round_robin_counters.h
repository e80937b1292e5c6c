#ifndef ARBSTR_ROUTER_ROUND_ROBIN_COUNTERS_H_
#define ARBSTR_ROUTER_ROUND_ROBIN_COUNTERS_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "router/router.h"

namespace arbstr::router {

// How far kRoundRobin has rotated, counted per model: with one count for all, two models that are requested
// alternately would each get the same provider every time. Models that the configuration does not name share
// a count, so that clients cannot make the map grow. Thread-safe: all event loops count together, or requests
// on connections of their own would not take turns.
class RoundRobinCounters {
 public:
  // Query::round_robin of a request, which is counted.
  std::uint64_t Next(const Router& router, std::string_view model) {
    std::lock_guard lock(mutex_);
    return counts_[Key(router, model)]++;
  }
  // The same without counting.
  std::uint64_t Now(const Router& router, std::string_view model) const {
    std::lock_guard lock(mutex_);
    const auto found = counts_.find(Key(router, model));
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  static std::string Key(const Router& router, std::string_view model) {
    return router.Lists(model) ? std::string(model) : "";
  }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_ROUND_ROBIN_COUNTERS_H_
