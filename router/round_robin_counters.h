#ifndef ARBSTR_ROUTER_TURNS_H_
#define ARBSTR_ROUTER_TURNS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "router/router.h"

namespace arbstr::router {

// How far kRoundRobin has come, for each model by itself: with one count for all, two models that are asked
// for in turns would each come to the same provider again and again. Models that the configuration does not
// name share a count, so that what clients ask for takes no memory. Not thread-safe.
class Turns {
 public:
  // For a request, which is counted; and without counting.
  std::uint64_t Next(const Router& router, std::string_view model) { return counts_[Key(router, model)]++; }
  std::uint64_t Now(const Router& router, std::string_view model) const {
    const auto found = counts_.find(Key(router, model));
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  static std::string Key(const Router& router, std::string_view model) {
    return router.Lists(model) ? std::string(model) : "";
  }

  std::unordered_map<std::string, std::uint64_t> counts_;
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_TURNS_H_
