// What the contract says of one provider's breakers, budget and places, written down again as simply as can
// be: what the gateway's Admission is held against.
#ifndef ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_
#define ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
  // One request's stay. The era: how often its breaker had changed when it came. The life: how often all
  // breakers had been forgotten then; none for a request that met no breaker.
  struct Stay {
    std::string model;
    int era = 0;
    std::optional<int> life{};
  };

  // For what comes. `listed`: the models it serves that the configuration names.
  void SetLimits(const Limits& limits, const std::set<std::string>& listed);

  std::optional<Stay> Admit(const std::string& model, TimePoint now);
  // Why Admit has let nobody in.
  std::string Refusal(const std::string& name, const std::string& model, TimePoint now) const;
  // The stay has a stream that has begun.
  void Begun(Stay& stay);
  // Each ends a stay. `served`: not with a refusal.
  void Answered(const Stay& stay, TimePoint now, bool served);
  void Exhausted(const Stay& stay, TimePoint now);
  void SaysNothing(const Stay& stay);

  // How long it takes to answer, on average.
  std::optional<double>& answer_ms(bool streaming) { return streaming ? stream_ms_ : plain_ms_; }

  // Whether one more retry is within the budget; Charge makes it.
  bool HasBudget(TimePoint now) const;
  void Charge(TimePoint now) {
    if (limits_.budget_percent > 0) ++seconds_[SecondOf(now)].retries;
  }

  // The retry charged then is not made.
  void GiveBack(TimePoint charged);

  size_t stays() const { return stays_; }

  bool IsOpen(const std::string& model, TimePoint now) const;
  // Open, or half open with its probe out.
  bool LetsNobodyIn(const std::string& model, TimePoint now) const;
  // Whether some breaker that still says something is not closed.
  bool AnyNotClosed(TimePoint now) const;
  // When it last served each model that nobody lists; of one that it was only asked for: never.
  std::map<std::string, std::optional<TimePoint>> Unlisted() const;

 private:
  struct Breaker {
    int era = 0;
    int failures = 0;
    bool open = false;  // or half open
    bool half_open = false;
    bool probing = false;
    TimePoint until{}, asked{};
    std::optional<TimePoint> served{};
  };
  struct Second {
    int64_t requests = 0, retries = 0;
  };
  static int64_t SecondOf(TimePoint now) {
    return std::chrono::floor<seconds>(now.time_since_epoch()).count();
  }
  static void Change(Breaker& breaker, bool open, bool half_open);
  // Whether the breaker is as it was when the request came.
  bool Concerns(const Stay& stay, const Breaker& breaker) const {
    return breaker.era == stay.era && stay.life.value_or(life_) == life_;
  }

  Limits limits_;
  std::set<std::string> listed_;
  std::map<std::string, Breaker> breakers_;  // by model
  int life_ = 0;                             // how often they were forgotten
  std::map<int64_t, Second> seconds_;
  size_t stays_ = 0;
  std::optional<double> plain_ms_, stream_ms_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_PROVIDER_MODEL_H_
