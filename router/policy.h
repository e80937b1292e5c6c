#ifndef ARBSTR_ROUTER_POLICY_H_
#define ARBSTR_ROUTER_POLICY_H_

#include <optional>
#include <string>
#include <vector>

namespace arbstr::router {

// How candidates are ordered. All start from cheapest first, ties by name.
enum class Strategy {
  kCheapest,
  kLowestLatency,  // equal latencies stay cheapest first
  kRoundRobin,     // cheapest first, rotated one further each time
};

struct PolicyRule {
  std::string name;
  std::vector<std::string> allowed_models;       // empty: all
  std::optional<Strategy> strategy;              // absent: Policies::default_strategy
  std::optional<double> max_sats_per_1m_output;  // drops providers whose output_rate is above it
  // The rule is chosen when one of these occurs in the last user message. ASCII letters match in either
  // case, other bytes exactly; an empty keyword never matches.
  std::vector<std::string> keywords;
};

struct Policies {
  Strategy default_strategy = Strategy::kCheapest;
  std::vector<PolicyRule> rules;  // earlier ones win, also of two with the same name
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_POLICY_H_
