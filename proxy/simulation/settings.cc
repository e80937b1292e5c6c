#include "proxy/simulation/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace arbstr::proxy::simulation {
namespace {

// For how long a provider's latency says something while nobody asks it.
constexpr seconds kForgotten{60};

milliseconds Millis(Chance& chance, int64_t low, int64_t high) {
  return milliseconds(chance.Between(low, high));
}

ProviderConfig AnyProvider(int which, Chance& chance) {
  ProviderConfig provider;
  provider.name = fmt::format("p{}", which);
  provider.url =
      *ParseProviderUrl(fmt::format("http://p{}-{}.test:{}/v1", which, chance.Between(0, 1), 8000 + which));
  for (const char* model : {"m0", "m1", "m2"}) {
    if (chance.Percent(70)) provider.models.push_back(model);
  }
  if (chance.Percent(20)) provider.model_names["m0"] = "vendor/m0";
  provider.stream_usage = chance.Percent(80);
  provider.input_rate = static_cast<double>(chance.Between(0, 4000));
  provider.output_rate = static_cast<double>(chance.Between(0, 4000));
  provider.base_fee = static_cast<double>(chance.Between(0, 3));
  provider.max_concurrency = static_cast<size_t>(chance.OneOf({0, 0, 0, 1, 2, 4, 8}));
  return provider;
}

RetryConfig AnyRetry(Chance& chance) {
  RetryConfig retry;
  retry.max_retries = static_cast<int>(chance.Between(0, 3));
  retry.backoff = {Millis(chance, 0, 400)};
  if (chance.Percent(50)) retry.backoff.push_back(Millis(chance, 0, 900));
  retry.jitter = chance.OneOf({0.0, 0.2, 1.0});
  retry.deadline = Millis(chance, 200, 6000);
  retry.max_deadline = milliseconds(8000);
  if (chance.Percent(30)) retry.deadline_by_model = {{"m1*", Millis(chance, 100, 4000)}};
  retry.connect_timeout = Millis(chance, 20, 1500);
  retry.attempt_timeout = chance.Percent(50) ? milliseconds(0) : Millis(chance, 50, 2000);
  retry.retry_after_max = Millis(chance, 0, 3000);
  retry.fallbacks = static_cast<int>(chance.Between(0, 2));
  if (chance.Percent(50)) retry.fallback_statuses = {401, 403, 429, 503};
  retry.streaming = chance.Percent(50) ? StreamingRetry::kFailFast : StreamingRetry::kBeforeFirstToken;
  retry.first_event = Millis(chance, 200, 4000);
  retry.stream_idle = Millis(chance, 100, 2000);
  retry.budget_percent = chance.OneOf({0, 0, 10, 20, 50});
  retry.budget_min_per_s = chance.OneOf({0, 1, 10});
  return retry;
}

router::Policies AnyPolicies(Chance& chance) {
  using router::Strategy;
  router::Policies policies;
  const auto any = [&] {
    return chance.OneOf({Strategy::kCheapest, Strategy::kLowestLatency, Strategy::kRoundRobin});
  };
  policies.default_strategy = any();
  router::PolicyRule code;
  code.name = "code";
  code.allowed_models = {"m0", "m1"};
  code.keywords = {"function"};
  if (chance.Percent(50)) code.strategy = any();
  policies.rules.push_back(code);
  router::PolicyRule frugal;
  frugal.name = "frugal";
  frugal.max_sats_per_1m_output = static_cast<double>(chance.Between(500, 3000));
  policies.rules.push_back(frugal);
  return policies;
}

ProviderModel::Limits LimitsOf(const Config& config, const ProviderConfig& provider) {
  return {.failures = config.circuit_breaker.failures,
          .open_for = config.circuit_breaker.open,
          .budget_percent = config.retry.budget_percent,
          .budget_min_per_s = config.retry.budget_min_per_s,
          .places = provider.max_concurrency};
}

bool Serves(const ProviderConfig& provider, const std::string& model) {
  return provider.models.empty() || std::ranges::find(provider.models, model) != provider.models.end();
}

// Those of `provider` that some provider lists.
std::set<std::string> ListedModels(const Config& config, const ProviderConfig& provider) {
  std::set<std::string> listed;
  for (const ProviderConfig& other : config.providers) {
    for (const std::string& model : other.models) {
      if (Serves(provider, model)) listed.insert(model);
    }
  }
  return listed;
}

double NominalPrice(const ProviderConfig& p) {
  return (1000 * p.input_rate + 500 * p.output_rate) / 1e6 + p.base_fee;
}

}  // namespace

bool Settings::Latency::IsForgotten(TimePoint now) const { return now >= asked + kForgotten; }

void Settings::Latency::Asked(TimePoint now) {
  outdated = outdated || IsForgotten(now);
  asked = now;
}

Config FirstConfig(Chance& chance) {
  Config config;
  config.server.max_response_bytes = 4096;
  config.server.idle_timeout = Millis(chance, 1000, 5000);
  config.database.durability = chance.Percent(70) ? Durability::kGroup : Durability::kBeforeResponse;
  const auto count = chance.Between(1, 5);
  for (int i = 0; i < count; ++i) config.providers.push_back(AnyProvider(i, chance));
  config.retry = AnyRetry(chance);
  config.policies = AnyPolicies(chance);
  config.circuit_breaker.failures = static_cast<int>(chance.Between(0, 5));
  config.circuit_breaker.open = Millis(chance, 100, 4000);
  return config;
}

Config ChangedConfig(const Config& config, Chance& chance) {
  Config changed = config;
  switch (chance.Between(0, 6)) {
    case 0:
      changed.retry = AnyRetry(chance);
      break;
    case 1:
      changed.policies = AnyPolicies(chance);
      break;
    case 2:
      changed.circuit_breaker.failures = static_cast<int>(chance.Between(0, 5));
      changed.circuit_breaker.open = Millis(chance, 100, 4000);
      break;
    case 3:  // another price
      changed.providers[chance.Below(changed.providers.size())].base_fee =
          static_cast<double>(chance.Between(0, 5));
      break;
    case 4:
      if (changed.providers.size() > 1) {
        changed.providers.erase(changed.providers.begin() +
                                static_cast<std::ptrdiff_t>(chance.Below(changed.providers.size())));
      }
      break;
    default: {
      const int which = static_cast<int>(chance.Between(0, 5));
      std::erase_if(changed.providers, [&](const auto& p) { return p.name == fmt::format("p{}", which); });
      changed.providers.push_back(AnyProvider(which, chance));
    }
  }
  return changed;
}

std::shared_ptr<Settings> MakeSettings(const Config& config, const Settings* previous) {
  auto settings = std::make_shared<Settings>();
  settings->config = config;
  settings->setup = *BuildSetup(config, previous == nullptr ? nullptr : previous->setup.get());
  for (const ProviderConfig& provider : config.providers) {
    std::shared_ptr<ProviderModel> model;
    Settings::Latency latency;
    for (size_t i = 0; previous != nullptr && i < previous->config.providers.size(); ++i) {
      const ProviderConfig& old = previous->config.providers[i];
      if (old.name != provider.name) continue;
      latency = previous->latencies[i];
      if (old.url == provider.url) model = previous->models[i];
    }
    if (!model) model = std::make_shared<ProviderModel>();
    model->SetLimits(LimitsOf(config, provider), ListedModels(config, provider));
    settings->models.push_back(std::move(model));
    settings->latencies.push_back(latency);
  }
  return settings;
}

std::string HealthOf(const Settings& settings, TimePoint now) {
  const auto& providers = settings.config.providers;
  const auto served = [&](const std::string& model) {
    for (size_t i = 0; i < providers.size(); ++i) {
      if (Serves(providers[i], model) && !settings.models[i]->LetsNobodyIn(model, now)) return true;
    }
    return false;
  };
  const auto none_of = [&](const std::set<std::string>& models) {
    return !models.empty() && std::ranges::none_of(models, served);
  };
  std::set<std::string> in_use, asked;
  for (const ProviderConfig& provider : providers)
    in_use.insert(provider.models.begin(), provider.models.end());
  const bool any_serves_all = std::ranges::any_of(providers, [](const auto& p) { return p.models.empty(); });
  for (size_t i = 0; i < providers.size() && any_serves_all; ++i) {
    for (const auto& [model, at] : settings.models[i]->Unlisted()) {
      asked.insert(model);
      if (at && now - *at < std::chrono::hours(1)) in_use.insert(model);
    }
  }
  if (none_of(in_use.empty() ? asked : in_use)) return "unhealthy";
  const bool degraded =
      std::ranges::any_of(settings.models, [&](const auto& m) { return m->AnyNotClosed(now); });
  return degraded ? "degraded" : "ok";
}

bool Rotates(const Settings& settings) {
  const router::Policies& policies = settings.config.policies;
  const auto turning = [](const auto& rule) { return rule.strategy == router::Strategy::kRoundRobin; };
  return policies.default_strategy == router::Strategy::kRoundRobin ||
         std::ranges::any_of(policies.rules, turning);
}

bool NamesModel(const Settings& settings, const std::string& model) {
  return std::ranges::any_of(settings.config.providers, [&](const ProviderConfig& provider) {
    return !provider.models.empty() && Serves(provider, model);
  });
}

RouteModel RouteOf(const Settings& settings, const std::string& model,
                   const std::optional<std::string>& policy, const std::string& prompt, uint64_t round_robin,
                   TimePoint now) {
  const auto& providers = settings.config.providers;
  const router::Policies& policies = settings.config.policies;
  RouteModel route;
  const router::PolicyRule* rule = nullptr;
  for (const router::PolicyRule& candidate : policies.rules) {
    const bool keyword = std::ranges::any_of(
        candidate.keywords, [&](const std::string& word) { return prompt.find(word) != prompt.npos; });
    if (rule == nullptr && (policy ? candidate.name == *policy : keyword)) rule = &candidate;
  }
  if (policy && rule == nullptr) return route;
  if (rule != nullptr) route.policy = rule->name;
  if (rule != nullptr && !rule->allowed_models.empty() &&
      std::ranges::find(rule->allowed_models, model) == rule->allowed_models.end()) {
    return route;
  }
  for (size_t i = 0; i < providers.size(); ++i) {
    if (!Serves(providers[i], model)) continue;
    if (rule != nullptr && rule->max_sats_per_1m_output &&
        providers[i].output_rate > *rule->max_sats_per_1m_output) {
      continue;
    }
    route.candidates.push_back(i);
  }
  std::ranges::sort(route.candidates, {},
                    [&](size_t i) { return std::tuple(NominalPrice(providers[i]), providers[i].name); });
  if (route.candidates.empty()) return route;
  switch (rule != nullptr && rule->strategy ? *rule->strategy : policies.default_strategy) {
    case router::Strategy::kCheapest:
      break;
    case router::Strategy::kLowestLatency:
      std::ranges::stable_sort(route.candidates, {}, [&](size_t i) {
        const Settings::Latency& latency = settings.latencies[i];
        return latency.IsForgotten(now) ? 0 : latency.ms.value_or(0);
      });
      break;
    case router::Strategy::kRoundRobin:
      std::ranges::rotate(
          route.candidates,
          route.candidates.begin() + static_cast<std::ptrdiff_t>(round_robin % route.candidates.size()));
      break;
  }
  return route;
}

}  // namespace arbstr::proxy::simulation
