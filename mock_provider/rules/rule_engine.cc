#include "mock_provider/rules/rule_engine.h"

#include <utility>

#include "mock_provider/rules/counter_key.h"
#include "mock_provider/rules/match.h"
#include "mock_provider/rules/schedule.h"

namespace mock_provider {
namespace {

// The choice whose share of the weights the draw (in [0, 1)) falls into.
const Action& Choose(const std::vector<Choice>& choices, double draw) {
  double total = 0;
  for (const Choice& choice : choices) total += choice.weight;
  double rest = draw * total;
  for (const Choice& choice : choices) {
    if (rest < choice.weight) return choice.action;
    rest -= choice.weight;
  }
  return choices.back().action;
}

}  // namespace

RuleEngine::RuleEngine(std::uint64_t seed, std::string provider, const std::vector<Rule>& rules)
    : seed_(seed), provider_(std::move(provider)) {
  for (const Rule& rule : rules) rules_.emplace_back(rule);
}

void RuleEngine::Reset() {
  for (RuleState& state : rules_) state.cursors.clear();
  unruled_ = 0;
}

void RuleEngine::AddFirst(Rule rule) { rules_.insert(rules_.begin(), RuleState(std::move(rule))); }

void RuleEngine::Remove(const std::string& name) {
  std::erase_if(rules_, [&](const RuleState& state) { return state.rule->name == name; });
}

Decision RuleEngine::Decide(const HttpRequest& http, const ChatRequest& chat, std::uint64_t connection,
                            double now_ms) {
  for (RuleState& state : rules_) {
    const Rule& rule = *state.rule;
    if (!rule.schedule.empty() && !AnyWindowOpen(rule.schedule, now_ms)) continue;
    if (!Matches(rule.match, http, chat)) continue;
    const std::string key = KeyValue(rule.key, http, connection);
    if (auto decision = TryRule(state, key, state.cursors[CounterKey(key)])) return *std::move(decision);
  }
  Decision normal;
  normal.action = normal_;
  normal.draws = DrawSequence({.seed = seed_, .provider = provider_, .rule = "", .key = "", .n = unruled_++});
  return normal;
}

std::optional<Decision> RuleEngine::TryRule(const RuleState& state, const std::string& key,
                                            ScriptCursor& cursor) const {
  const Rule& rule = *state.rule;
  if (cursor.UsedUp(state.script)) return std::nullopt;
  Decision decision;
  decision.hit.n = cursor.matches++;
  decision.draws = DrawSequence(
      {.seed = seed_, .provider = provider_, .rule = rule.name, .key = key, .n = *decision.hit.n});
  double draw = decision.draws.Next();
  if (rule.probability) {
    decision.hit.draw = draw;
    if (draw >= *rule.probability) return std::nullopt;
    // What is left of the draw is as even as the draw was, and decides the choice below.
    draw /= *rule.probability;
  }
  const std::size_t step = cursor.Claim(state.script);
  decision.hit.rule = rule.name;
  decision.hit.step = static_cast<std::int64_t>(step);
  const Step& played = rule.script[step];
  if (played.choose.empty()) {
    decision.action = {state.rule, &played.action};
  } else {
    if (!decision.hit.draw) decision.hit.draw = draw;
    decision.action = {state.rule, &Choose(played.choose, draw)};
  }
  return decision;
}

}  // namespace mock_provider
