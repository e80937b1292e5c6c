// What the admin API acts on.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_TARGET_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_TARGET_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <utility>
#include <vector>

#include "mock_provider/http/provider_url.h"
#include "mock_provider/journal/journal.h"
#include "mock_provider/journal/metrics.h"
#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario/scenario_clock.h"

namespace mock_provider {

class AdminTarget {
 public:
  virtual ~AdminTarget() = default;

  // Replaces the whole scenario, or changes nothing and says why. Counters start again; journal and clock go
  // on.
  virtual absl::Status Apply(Scenario scenario) = 0;
  virtual Scenario CurrentScenario() const = 0;
  // Puts the rule before all others, in that provider or, where `provider` is empty, in all of them. Other
  // rules keep their counters. Returns its name, which it gets where it has none.
  virtual absl::StatusOr<std::string> AddRule(Rule rule, const std::string& provider) = 0;
  virtual absl::Status RemoveRule(const std::string& name, const std::string& provider) = 0;
  // Empties the journal, and starts counters and clock again: the clock runs, or stands where it began
  // frozen.
  virtual void Reset() = 0;
  virtual ScenarioClock& clock() = 0;
  virtual Journal& journal() = 0;
  virtual const Metrics& metrics() const = 0;
  virtual std::vector<ProviderUrl> Urls() const = 0;

  // Of the providers in the scenario, in its order.
  std::vector<std::string> ProviderNames() const {
    std::vector<std::string> names;
    for (ProviderUrl& provider : Urls()) names.push_back(std::move(provider.name));
    return names;
  }
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_TARGET_H_
