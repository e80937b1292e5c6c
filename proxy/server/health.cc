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

ProviderHealth HealthOf(State breaker, std::vector<ModelState> models) {
  ProviderHealth health;
  health.breaker = breaker;
  std::erase_if(models, [](const ModelState& one) { return one.state == State::kClosed; });
  std::ranges::sort(models, {}, [](const ModelState& one) {
    return std::tuple(one.state != State::kOpen, !one.listed, std::string_view(one.model));
  });
  for (ModelState& one : models) {
    if ((one.listed || one.served) && health.models.size() < kNamedModels) {
      health.models.push_back({std::move(one.model), one.state});
    } else {
      ++health.not_named;
    }
  }
  return health;
}

// Who serves what at one moment. `models` are what the providers remember, in their order.
class Service {
 public:
  Service(const router::Router& router, const std::vector<std::vector<ModelState>>& models)
      : router_(router), models_(models) {
    for (uint32_t provider = 0; provider < models.size(); ++provider) {
      for (const ModelState& one : models[provider]) {
        if (one.state == State::kOpen) open_.emplace(one.model, provider);
      }
    }
  }

  bool Nobody(TimePoint now) const {
    if (open_.empty()) return false;
    bool in_use = false;
    for (const router::Provider& provider : router_.providers()) {
      for (const std::string& model : provider.models) {
        if (IsServed(model)) return false;
        in_use = true;
      }
    }
    const auto lately = [now](const ModelState& one) { return one.served && now - *one.served < kInUse; };
    return !(Serves(lately, in_use) || (!in_use && Serves([](const ModelState&) { return true; }, in_use)));
  }

 private:
  bool IsServed(std::string_view model) const {
    const auto providers = router_.Serving(model);
    return std::ranges::any_of(providers, [&](uint32_t provider) {
      return !open_.contains({model, provider});
    });
  }

  // Whether a model that nobody lists and that `counts` is served; `any`: whether there is one at all.
  template <typename Counts>
  bool Serves(Counts counts, bool& any) const {
    for (const auto& models : models_) {
      for (const ModelState& one : models) {
        if (one.listed || !counts(one) || router_.Serving(one.model).empty()) continue;
        any = true;
        if (IsServed(one.model)) return true;
      }
    }
    return false;
  }

  const router::Router& router_;
  const std::vector<std::vector<ModelState>>& models_;
  std::set<std::pair<std::string_view, uint32_t>> open_;
};

}  // namespace

ProvidersHealth HealthOf(const Setup& setup, TimePoint now) {
  ProvidersHealth health;
  std::vector<std::vector<ModelState>> models;
  for (const auto& admission : setup.admissions) {
    models.push_back(admission->models(now));
    const State breaker = admission->state(now);
    health.all_closed = health.all_closed && breaker == State::kClosed;
    health.providers.push_back(HealthOf(breaker, models.back()));
  }
  health.nobody_serves = Service(setup.router, models).Nobody(now);
  return health;
}

const char* StatusName(const ProvidersHealth& health, bool log_works, bool draining) {
  if (draining) return "draining";
  if (health.nobody_serves) return "unhealthy";
  return health.all_closed && log_works ? "ok" : "degraded";
}

}  // namespace arbstr::proxy
