#include "proxy/config/load_warnings.h"

#include <fmt/format.h>

#include <algorithm>

namespace arbstr::proxy {
namespace {

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

bool Serves(const ProviderConfig& provider, const std::string& model) {
  return provider.models.empty() || Contains(provider.models, model);
}

bool ShareAModel(const ProviderConfig& a, const ProviderConfig& b) {
  if (a.models.empty() || b.models.empty()) return true;
  return std::ranges::any_of(a.models, [&](const auto& model) { return Contains(b.models, model); });
}

bool IsFree(const ProviderConfig& p) { return p.input_rate == 0 && p.output_rate == 0 && p.base_fee == 0; }

// A rate of 0 that is written down is meant.
bool HasRates(TomlSection& section) {
  return section.Has("input_rate") || section.Has("output_rate") || section.Has("base_fee");
}

void WarnOfRates(TomlSection& section, const ProviderConfig& provider, const Config& config) {
  if (HasRates(section)) return;
  const auto loses = [&](const auto& other) { return !IsFree(other) && ShareAModel(provider, other); };
  if (std::ranges::none_of(config.providers, loses)) return;
  section.Mistake(
      "name",
      fmt::format("{} has no rates: it counts as free and comes first for every model{}; give its rates, "
                  "or input_rate = 0 if it is free",
                  provider.name,
                  provider.models.empty() ? ", since it has no models either" : " that it serves"));
}

void WarnOfModelNames(TomlSection& section, const ProviderConfig& provider) {
  for (const auto& [model, name] : provider.model_names) {
    if (Serves(provider, model)) continue;
    section.Mistake("model_names", fmt::format("\"{}\" is not in models, so nobody asks for it here", model));
  }
}

void WarnOfAllowedModels(TomlSection& section, const router::PolicyRule& rule, const Config& config) {
  for (const std::string& model : rule.allowed_models) {
    const auto serves = [&](const auto& provider) { return Serves(provider, model); };
    if (std::ranges::any_of(config.providers, serves)) continue;
    section.Mistake("allowed_models", fmt::format("no provider serves \"{}\"", model));
  }
}

}  // namespace

void WarnOf(TomlSection file, const Config& config) {
  auto providers = file.Tables("providers");
  for (size_t i = 0; i < providers.size(); ++i) {
    WarnOfRates(providers[i], config.providers[i], config);
    WarnOfModelNames(providers[i], config.providers[i]);
  }
  auto rules = file.Table("policies").Tables("rules");
  for (size_t i = 0; i < rules.size(); ++i) WarnOfAllowedModels(rules[i], config.policies.rules[i], config);
}

}  // namespace arbstr::proxy
