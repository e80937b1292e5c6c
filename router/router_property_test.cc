// Random providers, policies and queries; each decision compared with one that follows the rules' words
// without any index. ARBSTR_SEED=N repeats a run.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "router/price.h"
#include "router/router.h"
#include "tools/testing/random_seed.h"

namespace arbstr::router {
namespace {

constexpr int kRouters = 3'000;
constexpr int kQueriesEach = 20;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::size_t Below(std::size_t bound) { return engine_() % bound; }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  // Few names and prices, so that they collide.
  std::string Word(char first) { return std::string(1, static_cast<char>(first + Below(5))); }

  std::vector<Provider> Providers() {
    std::vector<Provider> providers(Below(8));
    for (Provider& provider : providers) {
      provider.name = Word('p');
      for (std::size_t models = OneIn(3) ? 0 : 1 + Below(3); models > 0; --models) {
        provider.models.push_back(Word('a'));
      }
      provider.input_rate = static_cast<double>(Below(3) * 1000);
      provider.output_rate = static_cast<double>(Below(4) * 1000);
      provider.base_fee = static_cast<double>(Below(2));
    }
    return providers;
  }

  Policies MakePolicies() {
    Policies policies;
    policies.default_strategy = AnyStrategy();
    policies.rules.resize(Below(4));
    for (PolicyRule& rule : policies.rules) {
      rule.name = Word('r');
      while (OneIn(3)) rule.allowed_models.push_back(Word('a'));
      if (OneIn(2)) rule.strategy = AnyStrategy();
      if (OneIn(2)) rule.max_sats_per_1m_output = static_cast<double>(Below(4) * 1000);
      while (OneIn(2)) rule.keywords.push_back(OneIn(5) ? "" : Word('K') + Word('k'));
    }
    return policies;
  }

  std::vector<double> Latencies() {
    std::vector<double> table(Below(9));
    for (double& ms : table) ms = OneIn(4) ? std::nan("") : static_cast<double>(Below(4));
    return table;
  }

 private:
  Strategy AnyStrategy() { return static_cast<Strategy>(Below(3)); }

  std::mt19937_64 engine_;
};

struct Expected {
  RouteError error = RouteError::kNone;
  std::vector<std::uint32_t> candidates;
  const PolicyRule* policy = nullptr;
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower;
}

const PolicyRule* PolicyByWords(const Policies& policies, const Query& query) {
  for (const PolicyRule& rule : policies.rules) {
    if (query.policy) {
      if (rule.name == *query.policy) return &rule;
      continue;
    }
    for (const std::string& keyword : rule.keywords) {
      if (!keyword.empty() && Lower(query.last_user_text).find(Lower(keyword)) != std::string::npos)
        return &rule;
    }
  }
  return nullptr;
}

Expected DecideByWords(const std::vector<Provider>& providers, const Policies& policies, const Query& query) {
  Expected expected;
  expected.policy = PolicyByWords(policies, query);
  if (query.policy && expected.policy == nullptr) return {RouteError::kPolicyNotFound, {}, nullptr};

  std::vector<std::tuple<double, std::string, std::uint32_t>> serving;
  for (std::uint32_t i = 0; i < providers.size(); ++i) {
    const auto& models = providers[i].models;
    if (models.empty() || std::count(models.begin(), models.end(), query.model) > 0) {
      serving.emplace_back(NominalPrice(providers[i]), providers[i].name, i);
    }
  }
  std::sort(serving.begin(), serving.end());
  if (serving.empty()) return {RouteError::kModelNotFound, {}, expected.policy};

  const PolicyRule* rule = expected.policy;
  if (rule != nullptr && !rule->allowed_models.empty() &&
      std::count(rule->allowed_models.begin(), rule->allowed_models.end(), query.model) == 0) {
    return {RouteError::kPolicyNoMatch, {}, rule};
  }
  std::set<std::string> seen;
  for (const auto& [price, name, i] : serving) {
    if (!seen.insert(name).second) continue;
    const bool too_dear = rule != nullptr && rule->max_sats_per_1m_output &&
                          providers[i].output_rate > *rule->max_sats_per_1m_output;
    if (!too_dear) expected.candidates.push_back(i);
  }
  if (expected.candidates.empty()) return {RouteError::kPolicyNoMatch, {}, rule};

  const auto latency = [&](std::uint32_t i) {
    return i >= query.latency_ms.size() || std::isnan(query.latency_ms[i]) ? 0 : query.latency_ms[i];
  };
  const Strategy strategy =
      rule != nullptr ? rule->strategy.value_or(policies.default_strategy) : policies.default_strategy;
  if (strategy == Strategy::kLowestLatency) {
    std::stable_sort(expected.candidates.begin(), expected.candidates.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return latency(a) < latency(b); });
  }
  if (strategy == Strategy::kRoundRobin) {
    for (std::uint64_t turn = query.round_robin % expected.candidates.size(); turn > 0; --turn) {
      expected.candidates.push_back(expected.candidates.front());
      expected.candidates.erase(expected.candidates.begin());
    }
  }
  return expected;
}

TEST(RouterProperties, EveryDecisionIsTheOneTheRulesSpell) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  SCOPED_TRACE("ARBSTR_SEED=" + std::to_string(seed));
  Chance chance(seed);
  std::vector<std::uint32_t> scratch;
  int seen[4] = {};
  for (int r = 0; r < kRouters; ++r) {
    const std::vector<Provider> providers = chance.Providers();
    const Policies policies = chance.MakePolicies();
    const Router router(providers, policies);
    for (int q = 0; q < kQueriesEach; ++q) {
      const std::string model = chance.Word('a');
      const std::string policy = chance.Word('r');
      const std::string text = chance.Word('k') + chance.Word('k') + chance.Word('K');
      const std::vector<double> latencies = chance.Latencies();
      Query query;
      query.model = model;
      if (chance.OneIn(2)) query.policy = policy;
      query.last_user_text = text;
      query.latency_ms = latencies;
      query.round_robin = chance.Below(20);

      const Route route = router.Decide(query, scratch);
      const Expected expected = DecideByWords(providers, policies, query);
      ASSERT_EQ(route.error, expected.error) << "router " << r << " query " << q;
      ASSERT_EQ(std::vector(route.candidates.begin(), route.candidates.end()), expected.candidates)
          << "router " << r << " query " << q;
      ASSERT_EQ(route.policy == nullptr ? "" : route.policy->name,
                expected.policy == nullptr ? "" : expected.policy->name);
      ++seen[static_cast<int>(route.error)];
    }
  }
  for (const int count : seen) EXPECT_GT(count, kRouters * kQueriesEach / 1000);
}

}  // namespace
}  // namespace arbstr::router
