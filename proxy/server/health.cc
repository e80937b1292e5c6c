#include "proxy/server/health.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace arbstr::proxy {
namespace {

using State = Admission::State;
using ModelState = retry::ModelBreakers::ModelState;
using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::chrono::hours kInUse{1};

ProviderHealth HealthOf(const std::vector<ModelState>& models) {
  std::vector<const ModelState*> not_closed;
  for (const ModelState& one : models) {
    if (one.state != State::kClosed) not_closed.push_back(&one);
  }
  std::ranges::sort(not_closed, {}, [](const ModelState* one) {
    return std::tuple(one->state != State::kOpen, !one->listed, std::string_view(one->model));
  });
  ProviderHealth health;
  if (!not_closed.empty()) health.breaker = not_closed.front()->state;
  for (const ModelState* one : not_closed) {
    if ((one->listed || one->served) && health.models.size() < kNamedModels) {
      health.models.push_back({one->model, one->state});
    } else {
      ++health.not_named;
    }
  }
  return health;
}

// See ProvidersHealth::nobody_serves. `models`: what the providers remember, in their order.
std::vector<std::string_view> ModelsInUse(const router::Router& router,
                                          const std::vector<std::vector<ModelState>>& models, TimePoint now) {
  std::vector<std::string_view> in_use, asked;
  for (const router::Provider& provider : router.providers())
    in_use.insert(in_use.end(), provider.models.begin(), provider.models.end());
  for (const auto& remembered : models) {
    for (const ModelState& one : remembered) {
      if (one.listed) continue;
      asked.push_back(one.model);
      if (one.served && now - *one.served < kInUse) in_use.push_back(one.model);
    }
  }
  return in_use.empty() ? asked : in_use;
}

bool NobodyServes(const router::Router& router, const std::vector<std::vector<ModelState>>& models,
                  TimePoint now) {
  std::set<std::pair<std::string_view, uint32_t>> closed_to_all;
  for (uint32_t provider = 0; provider < models.size(); ++provider) {
    for (const ModelState& one : models[provider]) {
      if (one.state == State::kOpen || one.probing) closed_to_all.emplace(one.model, provider);
    }
  }
  const auto is_served = [&](std::string_view model) {
    return std::ranges::any_of(router.Serving(model), [&](uint32_t provider) {
      return !closed_to_all.contains({model, provider});
    });
  };
  return !closed_to_all.empty() && std::ranges::none_of(ModelsInUse(router, models, now), is_served);
}

}  // namespace

ProvidersHealth HealthOf(const Setup& setup, TimePoint now) {
  ProvidersHealth health;
  std::vector<std::vector<ModelState>> models;
  for (const auto& admission : setup.admissions) {
    models.push_back(admission->models(now));
    health.providers.push_back(HealthOf(models.back()));
  }
  health.nobody_serves = NobodyServes(setup.router, models, now);
  return health;
}

LogHealth HealthOf(const request_log::RequestLog& log) {
  if (log.full()) return LogHealth::kFull;
  return log.healthy() ? LogHealth::kWorks : LogHealth::kFailing;
}

const char* StatusName(const ProvidersHealth& health, LogHealth log, bool draining) {
  if (draining) return "draining";
  if (health.nobody_serves || log == LogHealth::kFull) return "unhealthy";
  const bool all_closed = std::ranges::all_of(
      health.providers, [](const ProviderHealth& one) { return one.breaker == State::kClosed; });
  return all_closed && log == LogHealth::kWorks ? "ok" : "degraded";
}

}  // namespace arbstr::proxy
