#include "mock_provider/scenario_file/freeze.h"

#include <algorithm>
#include <utility>

#include "mock_provider/scenario_file/dialect_name.h"
#include "mock_provider/scenario_file/json_document.h"
#include "mock_provider/scenario_file/object_reader.h"
#include "mock_provider/scenario_file/parse_action.h"
#include "mock_provider/scenario_file/write_action.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

Provider& ProviderCalled(const std::string& name, Scenario& scenario) {
  auto& providers = scenario.providers;
  const auto known = std::find_if(providers.begin(), providers.end(),
                                  [&](const Provider& provider) { return provider.name == name; });
  if (known != providers.end()) return *known;
  Provider& added = providers.emplace_back();
  added.name = name;
  Rule& rule = added.rules.emplace_back();
  rule.name = "frozen";
  rule.then = Then::kPass;
  return added;
}

// Journals say of some silences what would have been answered, which no scenario may.
json WithoutWhatNeverCame(json action) {
  if (!action.is_object() || !action.contains("hang") || !action["hang"].is_object()) return action;
  const json& hang = action["hang"];
  const bool before = !hang.contains("at") || hang["at"] == "before_headers";
  if (!before || (hang.contains("end") && hang["end"] == "reply")) return action;
  for (const char* field : {"reply", "error", "retry_after_ms", "drip", "fault", "frames"})
    action.erase(field);
  return action;
}

// An entry without an action met the provider's own normal reply.
Action ParsePlayed(const json& entry, const std::string& path, Mistakes& mistakes) {
  if (!entry.contains("action")) return {.reply = Reply()};
  const json played = WithoutWhatNeverCame(entry["action"]);
  ObjectReader reader(played, path + ".action", mistakes);
  Action action = ParseAction(reader, mistakes);
  if (!HasAction(reader)) action.reply = Reply();
  reader.Finish();
  return action;
}

void Append(Action action, std::vector<Step>& script) {
  if (!script.empty() && ActionJson(script.back().action) == ActionJson(action)) {
    ++script.back().times;
    return;
  }
  script.push_back({.action = std::move(action), .choose = {}, .times = 1});
}

void FreezeEntry(const json& entry, const std::string& path, Mistakes& mistakes, Scenario& scenario) {
  ObjectReader reader(entry, path, mistakes);
  const auto name = reader.String("provider");
  if (entry.is_object() && !reader.Has("provider")) reader.Mistake("provider", "a journal's entry has one");
  if (!name || name->empty()) return;
  Provider& provider = ProviderCalled(*name, scenario);
  if (const auto dialect = ParseDialect(reader, "dialect")) provider.dialect = *dialect;
  Append(ParsePlayed(entry, path, mistakes), provider.rules.front().script);
}

}  // namespace

absl::StatusOr<Scenario> Freeze(const std::string& journal) {
  const auto document = ParseJsonDocument(journal);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  Scenario scenario;
  ObjectReader reader(*document, "", mistakes, "journal");
  if (document->is_object() && !reader.Has("requests"))
    reader.Mistake("requests", "is needed: a journal as GET /__admin/requests gives it");
  reader.Each("requests", [&](const json& entry, const std::string& path) {
    FreezeEntry(entry, path, mistakes, scenario);
  });
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  if (scenario.providers.empty()) return absl::InvalidArgumentError("requests: there are none to play back");
  return scenario;
}

}  // namespace mock_provider
