#include "mock_provider/scenario_file/scenario_parser.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "mock_provider/scenario_file/json_document.h"
#include "mock_provider/scenario_file/object_reader.h"
#include "mock_provider/scenario_file/parse_provider.h"
#include "mock_provider/scenario_file/parse_rule.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

std::uint64_t ParseSeed(ObjectReader& reader) {
  const json* seed = reader.Find("seed");
  if (!seed) return 0;
  if (seed->is_number_unsigned()) return seed->get<std::uint64_t>();
  reader.Mistake("seed", "must be a whole number from 0 to 2^64-1");
  return 0;
}

void ParseProviders(ObjectReader& reader, Mistakes& mistakes, Scenario& scenario) {
  std::set<std::string> names, ports;
  reader.Each("providers", [&](const json& element, const std::string& path) {
    Provider provider = ParseProvider(element, path, mistakes);
    if (!provider.name.empty() && !names.insert(provider.name).second) {
      mistakes.Add(path + ".name",
                   fmt::format("\"{}\" is the name of an earlier provider too", provider.name));
    }
    const bool fixed = !provider.listen.empty() && !provider.listen.ends_with(":0");
    if (fixed && !ports.insert(provider.listen).second) {
      mistakes.Add(path + ".listen", "an earlier provider listens there too");
    }
    scenario.providers.push_back(std::move(provider));
  });
  if (reader.Has("providers") && scenario.providers.empty())
    reader.Mistake("providers", "needs at least one provider");
}

}  // namespace

absl::StatusOr<Scenario> ParseScenario(const std::string& text) {
  const auto document = ParseJsonDocument(text);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  ObjectReader reader(*document, "", mistakes);
  Scenario scenario;
  reader.Integer("version", 1, 1);
  scenario.seed = ParseSeed(reader);
  ParseProviders(reader, mistakes, scenario);
  std::vector<Rule> rules = ParseRules(reader, mistakes);
  if (reader.Has("providers") && reader.Has("rules")) {
    reader.Mistake("rules", "contradictory beside providers: rules belong to a provider");
  }
  if (!reader.Has("providers")) scenario.providers.emplace_back().rules = std::move(rules);
  reader.Finish();
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  return scenario;
}

absl::StatusOr<Rule> ParseRuleText(const std::string& text) {
  const auto document = ParseJsonDocument(text);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  Rule rule = ParseRule(*document, "rule", mistakes);
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  return rule;
}

}  // namespace mock_provider
