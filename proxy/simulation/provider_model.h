// What the contract says of one provider's breaker, budget and places, written down again as simply as can
// be: what the gateway's Admission is held against.
#ifndef ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_
#define ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "proxy/simulation/timeline.h"

namespace arbstr::proxy::simulation {

class ProviderModel {
 public:
  struct Limits {
    int failures = 0;  // 0: no breaker
    milliseconds open_for{};
    int budget_percent = 0;
    int budget_min_per_s = 0;
    size_t places = 0;  // 0: unlimited
  };
  // One request's stay. The era: how often its breaker had changed when it came.
  struct Stay {
    std::string model;
    int era = 0;
  };

  // For what comes.
  void SetLimits(const Limits& limits);

  std::optional<Stay> Admit(const std::string& model, TimePoint now);
  // Each ends a stay.
  void Answered(const Stay& stay);
  void Exhausted(const Stay& stay, TimePoint now);
  void SaysNothing(const Stay& stay);

  // Whether one more retry is within the budget; Charge makes it.
  bool HasBudget(TimePoint now) const;
  void Charge(TimePoint now) {
    if (limits_.budget_percent > 0) ++seconds_[SecondOf(now)].retries;
  }

  size_t stays() const { return stays_; }

 private:
  struct Breaker {
    int era = 0;
    int failures = 0;
    bool open = false;  // or half open
    bool half_open = false;
    bool probing = false;
    TimePoint until{};
  };
  struct Second {
    int64_t requests = 0, retries = 0;
  };
  static int64_t SecondOf(TimePoint now) {
    return std::chrono::floor<seconds>(now.time_since_epoch()).count();
  }
  static void Change(Breaker& breaker, bool open, bool half_open);

  Limits limits_;
  std::map<std::string, Breaker> breakers_;  // by model
  std::map<int64_t, Second> seconds_;
  size_t stays_ = 0;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_
