#include "mock_provider/scenario_file/parse_rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "mock_provider/scenario_file/parse_action.h"
#include "mock_provider/scenario_file/parse_match.h"
#include "mock_provider/scenario_file/parse_schedule.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

constexpr std::int64_t kMaxTimes = 1'000'000'000;

Choice ParseChoice(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Choice choice;
  choice.weight = reader.Number("weight", 0, 1e9).value_or(1);
  choice.action = ParseAction(reader, mistakes);
  // What is unknown may be the action, misspelt.
  if (reader.Finish() && value.is_object() && !HasAction(reader))
    reader.Mistake("", "a choice needs an action, such as reply, error or fault");
  return choice;
}

void CheckWeights(ObjectReader& reader, const Step& step) {
  double total = 0;
  for (const Choice& choice : step.choose) total += choice.weight;
  if (total <= 0) reader.Mistake("choose", "needs at least one choice with a weight above 0");
}

Step ParseStep(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Step step;
  step.times = reader.Integer("times", 1, kMaxTimes).value_or(1);
  reader.Each("choose", [&](const json& element, const std::string& element_path) {
    step.choose.push_back(ParseChoice(element, element_path, mistakes));
  });
  step.action = ParseAction(reader, mistakes);
  if (reader.Has("choose")) {
    if (HasAction(reader))
      reader.Mistake("choose", "contradictory beside an action: put it among the choices");
    CheckWeights(reader, step);
  }
  const bool all_known = reader.Finish();
  if (all_known && value.is_object() && !reader.Has("choose") && !HasAction(reader))
    reader.Mistake("", "a step needs an action, such as reply, error or fault");
  return step;
}

bool IsForStreamsAlone(const Action& action) {
  if (action.reply && action.reply->body) return false;
  return action.frames || (action.hang && action.hang->at == Hang::At::kFrame);
}

void RejectFramesWithoutStreams(const Rule& rule, const std::string& path, Mistakes& mistakes) {
  if (rule.match.stream.value_or(true)) return;
  for (std::size_t i = 0; i < rule.script.size(); ++i) {
    const Step& step = rule.script[i];
    const bool never = IsForStreamsAlone(step.action) ||
                       std::any_of(step.choose.begin(), step.choose.end(),
                                   [](const Choice& choice) { return IsForStreamsAlone(choice.action); });
    if (never)
      mistakes.Add(fmt::format("{}.script[{}]", path, i),
                   "contradictory: the rule is for requests that are no streams, and have no frames");
  }
}

}  // namespace

Rule ParseRule(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Rule rule;
  rule.name = reader.String("name").value_or("");
  if (reader.Has("name") && rule.name.empty()) reader.Mistake("name", "must not be empty");
  if (const json* match = reader.Find("match"))
    rule.match = ParseMatch(*match, reader.PathOf("match"), mistakes);
  rule.key = ParseKey(reader);
  rule.probability = reader.Number("probability", 0, 1);
  rule.schedule = ParseSchedule(reader, "schedule", mistakes);
  reader.Each("script", [&](const json& element, const std::string& element_path) {
    rule.script.push_back(ParseStep(element, element_path, mistakes));
  });
  if (value.is_object() && rule.script.empty()) reader.Mistake("script", "a rule needs at least one step");
  if (const auto then = reader.OneOf("then", {"last", "repeat", "pass"})) {
    constexpr Then kThens[] = {Then::kLast, Then::kRepeat, Then::kPass};
    rule.then = kThens[*then];
  }
  RejectFramesWithoutStreams(rule, path, mistakes);
  reader.Finish();
  return rule;
}

}  // namespace mock_provider
