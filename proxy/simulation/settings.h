// The configurations a simulated gateway runs with, and what the models know of each.
#ifndef ARBSTR_PROXY_SIMULATION_SETTINGS_H_
#define ARBSTR_PROXY_SIMULATION_SETTINGS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/setup.h"
#include "proxy/simulation/chance.h"
#include "proxy/simulation/provider_model.h"

namespace arbstr::proxy::simulation {

// One configuration, from the reload that brought it on.
struct Settings {
  Config config;
  std::shared_ptr<const Setup> setup;
  // In the order of config.providers:
  std::vector<std::shared_ptr<ProviderModel>> models;
  struct Latency {
    std::optional<double> ms;  // on average
    TimePoint asked{};         // last
    bool outdated = false;     // it was not asked for long before that, and has told nothing since

    bool IsForgotten(TimePoint now) const;
    void Asked(TimePoint now);
  };
  std::vector<Latency> latencies;
};

Config FirstConfig(Chance& chance);
// Something of it is different.
Config ChangedConfig(const Config& config, Chance& chance);

// `previous` may be null. What it knows of a provider that keeps its name and URL goes on.
std::shared_ptr<Settings> MakeSettings(const Config& config, const Settings* previous);

// Whether some strategy is round robin, so that requests are counted.
bool Rotates(const Settings& settings);
// Whether some provider lists the model.
bool NamesModel(const Settings& settings, const std::string& model);

// The status that /health has to say while the log works.
std::string HealthOf(const Settings& settings, TimePoint now);

// Who may get a request, in order; positions in config.providers. Empty: the answer is 400.
struct RouteModel {
  std::vector<size_t> candidates;
  std::optional<std::string> policy;
};
RouteModel RouteOf(const Settings& settings, const std::string& model,
                   const std::optional<std::string>& policy, const std::string& prompt, uint64_t round_robin,
                   TimePoint now);

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_SETTINGS_H_
