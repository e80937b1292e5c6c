#include "router/router.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace arbstr::router {
namespace {

bool Allows(const PolicyRule& rule, std::string_view model) {
  return rule.allowed_models.empty() || std::find(rule.allowed_models.begin(), rule.allowed_models.end(),
                                                  model) != rule.allowed_models.end();
}

Route Refusal(RouteError error, const PolicyRule* rule) {
  return {.error = error, .candidates = {}, .policy = rule};
}

bool Uses(const Policies& policies, Strategy strategy) {
  return policies.default_strategy == strategy ||
         std::ranges::any_of(policies.rules,
                             [=](const PolicyRule& rule) { return rule.strategy == strategy; });
}

}  // namespace

Router::Router(std::vector<Provider> providers, Policies policies)
    : providers_(std::move(providers)),
      policies_(std::move(policies)),
      index_(providers_),
      keywords_(policies_.rules),
      rotates_(Uses(policies_, Strategy::kRoundRobin)),
      looks_at_latency_(Uses(policies_, Strategy::kLowestLatency)) {}

Route Router::Decide(const Query& query, std::vector<std::uint32_t>& scratch) const {
  const PolicyRule* rule = nullptr;
  if (query.policy) {
    rule = FindPolicy(*query.policy);
    if (rule == nullptr) return Refusal(RouteError::kPolicyNotFound, nullptr);
  } else if (ReadsPrompt()) {
    if (const auto matched = keywords_.FirstRule(query.last_user_text)) rule = &policies_.rules[*matched];
  }

  std::span<const std::uint32_t> candidates = index_.Find(query.model);
  if (candidates.empty()) return Refusal(RouteError::kModelNotFound, rule);
  if (rule != nullptr && !Allows(*rule, query.model)) {
    return Refusal(RouteError::kPolicyNoMatch, rule);
  }

  if (rule != nullptr && rule->max_sats_per_1m_output) {
    const double limit = *rule->max_sats_per_1m_output;
    scratch.clear();
    for (const std::uint32_t i : candidates) {
      if (providers_[i].output_rate <= limit) scratch.push_back(i);
    }
    if (scratch.empty()) return Refusal(RouteError::kPolicyNoMatch, rule);
    candidates = scratch;
  }

  switch (rule != nullptr && rule->strategy ? *rule->strategy : policies_.default_strategy) {
    case Strategy::kCheapest:
      break;
    case Strategy::kLowestLatency:
      if (candidates.data() != scratch.data()) scratch.assign(candidates.begin(), candidates.end());
      SortByLatency(query.latency_ms, scratch);
      candidates = scratch;
      break;
    case Strategy::kRoundRobin: {
      if (candidates.data() != scratch.data()) scratch.assign(candidates.begin(), candidates.end());
      const auto first = static_cast<std::ptrdiff_t>(query.round_robin % scratch.size());
      std::rotate(scratch.begin(), scratch.begin() + first, scratch.end());
      candidates = scratch;
      break;
    }
  }
  return {.error = RouteError::kNone, .candidates = candidates, .policy = rule};
}

const PolicyRule* Router::FindPolicy(std::string_view name) const {
  const auto found = std::find_if(policies_.rules.begin(), policies_.rules.end(),
                                  [name](const PolicyRule& rule) { return rule.name == name; });
  return found == policies_.rules.end() ? nullptr : &*found;
}

void Router::SortByLatency(std::span<const double> latency_ms, std::vector<std::uint32_t>& candidates) const {
  const auto latency = [latency_ms](std::uint32_t i) {
    return i < latency_ms.size() && !std::isnan(latency_ms[i]) ? latency_ms[i] : 0.0;
  };
  // Not std::stable_sort, which allocates: the rank by price makes the order total.
  std::sort(candidates.begin(), candidates.end(), [&](std::uint32_t a, std::uint32_t b) {
    const double latency_a = latency(a);
    const double latency_b = latency(b);
    return latency_a != latency_b ? latency_a < latency_b : index_.PriceRank(a) < index_.PriceRank(b);
  });
}

}  // namespace arbstr::router
