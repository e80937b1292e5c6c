#ifndef ARBSTR_ROUTER_ROUTER_H_
#define ARBSTR_ROUTER_ROUTER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "router/keyword_matcher.h"
#include "router/model_index.h"
#include "router/policy.h"
#include "router/provider.h"

namespace arbstr::router {

enum class RouteError {
  kNone,
  kModelNotFound,   // no provider serves the model
  kPolicyNotFound,  // the request names a policy that does not exist
  kPolicyNoMatch,   // the policy excludes the model, or its price limit every provider
};

struct Query {
  std::string_view model;
  // The policy the request names. Absent: the first rule with a keyword in `last_user_text` applies, if any.
  std::optional<std::string_view> policy;
  // The text of the last user message. Only read where ReadsPrompt() and no policy is named.
  std::string_view last_user_text;
  // By provider index, milliseconds; lower is preferred. NaN or absent means not known yet and counts as 0,
  // so that a provider never measured is tried: whoever keeps the table must enter something for failures
  // too, or a broken provider stays first.
  std::span<const double> latency_ms;
  // How far kRoundRobin rotates; the caller counts it up.
  std::uint64_t round_robin = 0;
};

struct Route {
  RouteError error = RouteError::kNone;
  // Positions in providers(), in the order to try them, one per name; empty on error. Valid while the router
  // lives and until `scratch` is used again.
  std::span<const std::uint32_t> candidates;
  // The rule that applied, on errors too; lives as long as the router. Null: none.
  const PolicyRule* policy = nullptr;
};

// Decides which providers a request may go to. Immutable: any number of threads may ask it at once, each with
// a scratch of its own.
class Router {
 public:
  Router(std::vector<Provider> providers, Policies policies);

  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // Does not allocate once `scratch` has grown to the number of providers. `kCheapest` without a price limit
  // does not use it at all. Where several errors apply, an unknown policy is reported first, then an
  // unknown model.
  Route Decide(const Query& query, std::vector<std::uint32_t>& scratch) const;

  // Whether some rule has keywords, so that last_user_text has to be extracted.
  bool ReadsPrompt() const { return !keywords_.empty(); }

  // Whether some strategy is kRoundRobin, so that the caller has to count.
  bool Rotates() const { return rotates_; }

  // Whether some strategy is kLowestLatency, so that the caller has to measure.
  bool LooksAtLatency() const { return looks_at_latency_; }

  // Whether the configuration names the model: some provider lists it.
  bool Lists(std::string_view model) const { return index_.Lists(model); }

  // Positions of the providers that serve the model, whatever a policy says; cheapest first.
  std::span<const std::uint32_t> Serving(std::string_view model) const { return index_.Find(model); }

  const std::vector<Provider>& providers() const { return providers_; }

 private:
  const PolicyRule* FindPolicy(std::string_view name) const;
  void SortByLatency(std::span<const double> latency_ms, std::vector<std::uint32_t>& candidates) const;

  std::vector<Provider> providers_;
  Policies policies_;
  ModelIndex index_;
  KeywordMatcher keywords_;
  const bool rotates_;
  const bool looks_at_latency_;
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_ROUTER_H_
