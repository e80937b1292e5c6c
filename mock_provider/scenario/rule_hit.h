#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_RULE_HIT_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_RULE_HIT_H_

#include <cstdint>
#include <optional>
#include <string>

namespace mock_provider {

// Which step of which rule a request met.
struct RuleHit {
  std::optional<std::string> rule{};   // absent: none was active
  std::optional<std::int64_t> step{};  // index in the rule's script
  std::optional<std::uint64_t> n{};    // the match's number for that rule and key
  std::optional<double> draw{};        // where chance or choice was decided by one
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_RULE_HIT_H_
