#include "proxy/simulation/provider_model.h"

#include <algorithm>

namespace arbstr::proxy::simulation {
namespace {

// How long a half open breaker of a model that nobody lists, and nobody asks for, says something.
constexpr seconds kUnasked{60};

}  // namespace

void ProviderModel::SetLimits(const Limits& limits, const std::set<std::string>& listed) {
  limits_ = limits;
  listed_ = listed;
  if (limits.failures != 0) return;
  breakers_.clear();
  ++life_;
}

void ProviderModel::Change(Breaker& breaker, bool open, bool half_open) {
  ++breaker.era;
  breaker.failures = 0;
  breaker.open = open;
  breaker.half_open = half_open;
  breaker.probing = false;
}

std::optional<ProviderModel::Stay> ProviderModel::Admit(const std::string& model, TimePoint now) {
  if (limits_.places > 0 && stays_ >= limits_.places) return std::nullopt;
  Stay stay{model, 0};
  if (const auto found = breakers_.find(model); found != breakers_.end()) {
    Breaker& breaker = found->second;
    breaker.asked = now;
    if (breaker.open) {
      if (now < breaker.until || breaker.probing) return std::nullopt;
      if (!breaker.half_open) Change(breaker, true, true);
      breaker.probing = true;
    }
    stay.era = breaker.era;
    stay.life = life_;
  }
  ++stays_;
  const int64_t second = SecondOf(now);
  ++seconds_[second].requests;
  seconds_.erase(seconds_.begin(), seconds_.lower_bound(second - 10));
  return stay;
}

std::string ProviderModel::Refusal(const std::string& name, const std::string& model, TimePoint now) const {
  const bool full = limits_.places > 0 && stays_ >= limits_.places;
  return full && !IsOpen(model, now) ? name + " is at its max_concurrency"
                                     : "the breaker of " + name + " is open";
}

void ProviderModel::Begun(Stay& stay) {
  const auto found = breakers_.find(stay.model);
  if (found == breakers_.end() || !Concerns(stay, found->second) || !found->second.half_open) return;
  Change(found->second, false, false);
  stay.era = found->second.era;
}

void ProviderModel::Answered(const Stay& stay, TimePoint now, bool served) {
  --stays_;
  if (limits_.failures == 0) return;
  if (served && !listed_.contains(stay.model)) {
    Breaker& breaker = breakers_.try_emplace(stay.model, Breaker{.asked = now}).first->second;
    breaker.served = now;
  }
  const auto found = breakers_.find(stay.model);
  if (found == breakers_.end() || !Concerns(stay, found->second)) return;
  found->second.failures = 0;
  if (found->second.half_open) Change(found->second, false, false);
}

void ProviderModel::Exhausted(const Stay& stay, TimePoint now) {
  --stays_;
  if (limits_.failures == 0 || stay.life.value_or(life_) != life_) return;
  Breaker& breaker = breakers_.try_emplace(stay.model, Breaker{.asked = now}).first->second;
  if (!Concerns(stay, breaker)) return;
  if (!breaker.half_open && ++breaker.failures < limits_.failures) return;
  Change(breaker, true, false);
  breaker.until = now + limits_.open_for;
}

void ProviderModel::SaysNothing(const Stay& stay) {
  --stays_;
  const auto found = breakers_.find(stay.model);
  if (found != breakers_.end() && Concerns(stay, found->second)) found->second.probing = false;
}

bool ProviderModel::IsOpen(const std::string& model, TimePoint now) const {
  const auto found = breakers_.find(model);
  return found != breakers_.end() && found->second.open && now < found->second.until;
}

bool ProviderModel::LetsNobodyIn(const std::string& model, TimePoint now) const {
  const auto found = breakers_.find(model);
  return IsOpen(model, now) || (found != breakers_.end() && found->second.probing);
}

bool ProviderModel::AnyNotClosed(TimePoint now) const {
  return std::ranges::any_of(breakers_, [&](const auto& item) {
    const auto& [model, breaker] = item;
    const bool says_something =
        listed_.contains(model) || now < std::max(breaker.until, breaker.asked) + kUnasked;
    return breaker.open && says_something;
  });
}

std::map<std::string, std::optional<TimePoint>> ProviderModel::Unlisted() const {
  std::map<std::string, std::optional<TimePoint>> models;
  for (const auto& [model, breaker] : breakers_) {
    if (!listed_.contains(model)) models[model] = breaker.served;
  }
  return models;
}

void ProviderModel::GiveBack(TimePoint charged) {
  const auto found = seconds_.find(SecondOf(charged));
  if (limits_.budget_percent == 0 || found == seconds_.end()) return;
  found->second.retries = std::max<int64_t>(0, found->second.retries - 1);
}

bool ProviderModel::HasBudget(TimePoint now) const {
  if (limits_.budget_percent == 0) return true;
  int64_t requests = 0, retries = 0;
  for (auto at = seconds_.upper_bound(SecondOf(now) - 10); at != seconds_.end(); ++at) {
    requests += at->second.requests;
    retries += at->second.retries;
  }
  return retries < std::max<int64_t>(limits_.budget_min_per_s * 10, requests * limits_.budget_percent / 100);
}

}  // namespace arbstr::proxy::simulation
