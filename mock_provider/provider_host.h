// What all connections of the mock share, and what those of one provider share. Belongs to the io_context's
// thread but for the journal, which any thread may read.
#ifndef ARBSTR_MOCK_PROVIDER_PROVIDER_HOST_H_
#define ARBSTR_MOCK_PROVIDER_PROVIDER_HOST_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "mock_provider/journal/journal.h"
#include "mock_provider/journal/metrics.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/rules/rule_engine.h"
#include "mock_provider/scenario/scenario.h"
#include "mock_provider/scenario/scenario_clock.h"
#include "mock_provider/upstream/upstream_target.h"

namespace boost::asio::ssl {
class context;
}

namespace mock_provider {

struct MockState {
  explicit MockState(boost::asio::any_io_executor executor) : clock(std::move(executor)) {
    journal.Observe(metrics);
  }

  ScenarioClock clock;
  Metrics metrics;  // observes the journal
  Journal journal;
  std::uint64_t connections = 0;  // accepted so far, over all providers
};

// A provider and the state of its rules. A new scenario replaces both while connections are open.
struct ProviderHost {
  ProviderHost(std::uint64_t scenario_seed, Provider described)
      : seed(scenario_seed),
        provider(std::move(described)),
        rules(seed, provider.name, provider.rules),
        limiter(std::make_shared<RateLimiter>(provider.limits)) {}

  // Starts every counter again.
  void Reset() {
    rules.Reset();
    limiter->Reset();
  }

  std::uint64_t seed;
  Provider provider;
  RuleEngine rules;
  std::shared_ptr<const UpstreamTarget> upstream;  // null: answers are made up
  std::shared_ptr<boost::asio::ssl::context> tls;  // where the provider speaks TLS and shows a certificate
  std::shared_ptr<RateLimiter> limiter;            // shared with the requests it has let through
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_PROVIDER_HOST_H_
