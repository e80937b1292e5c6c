// Which step of which rule a request meets. It has no state but its counters: time is an argument, a decision
// the result.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_RULE_ENGINE_H_
#define ARBSTR_MOCK_PROVIDER_RULES_RULE_ENGINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/http/http_request.h"
#include "mock_provider/rules/chat_request.h"
#include "mock_provider/rules/script_cursor.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/rule_hit.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

struct Decision {
  std::shared_ptr<const Action> action;  // never null; shared with the rule; empty: a normal reply
  RuleHit hit{};
  DrawSequence draws{DrawPoint{}};  // for the lengths of the answer's delays
};

class RuleEngine {
 public:
  RuleEngine(std::uint64_t seed, std::string provider, const std::vector<Rule>& rules);

  // Finds the first active rule and claims its step. To be called once for each request.
  Decision Decide(const HttpRequest& http, const ChatRequest& chat, std::uint64_t connection, double now_ms);

  // Starts every counter again.
  void Reset();

  // The other rules keep their counters.
  void AddFirst(Rule rule);
  void Remove(const std::string& name);

 private:
  struct RuleState {
    explicit RuleState(Rule of) : rule(std::make_shared<const Rule>(std::move(of))), script(*rule) {}
    std::shared_ptr<const Rule> rule;  // shared with the decisions made by it
    ScriptOrder script;
    std::map<std::string, ScriptCursor> cursors;  // by CounterKey
  };

  std::optional<Decision> TryRule(const RuleState& state, const std::string& key, ScriptCursor& cursor) const;

  std::uint64_t seed_;
  std::string provider_{};
  std::vector<RuleState> rules_{};
  std::shared_ptr<const Action> normal_ = std::make_shared<const Action>();
  std::uint64_t unruled_ = 0;  // requests that no rule met, for their own draws
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_RULE_ENGINE_H_
