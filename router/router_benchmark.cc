#include <benchmark/benchmark.h>

#include <string>

#include "router/router.h"

namespace arbstr::router {
namespace {

// Each provider lists ten models, "m0" among them; each tenth one serves every model.
std::vector<Provider> MakeProviders(std::int64_t count) {
  std::vector<Provider> providers;
  for (std::int64_t i = 0; i < count; ++i) {
    Provider& provider = providers.emplace_back();
    provider.name = "provider-" + std::to_string(i);
    for (std::int64_t model = 0; model < 10 && i % 10 != 0; ++model) {
      provider.models.push_back("m" + std::to_string(model == 0 ? 0 : i % 7 * 10 + model));
    }
    provider.output_rate = static_cast<double>(i * 7919 % 1000);
  }
  return providers;
}

void Run(benchmark::State& state, const Policies& policies, std::string_view text = {}) {
  const Router router(MakeProviders(state.range(0)), policies);
  std::vector<double> latency_ms;
  for (std::int64_t i = 0; i < state.range(0); ++i) latency_ms.push_back(static_cast<double>(i * 31 % 97));
  std::vector<std::uint32_t> scratch;
  Query query;
  query.model = "m0";
  query.latency_ms = latency_ms;
  query.last_user_text = text;
  for (auto _ : state) {
    benchmark::DoNotOptimize(router.Decide(query, scratch));
    ++query.round_robin;
  }
}

void BM_Cheapest(benchmark::State& state) { Run(state, {}); }
BENCHMARK(BM_Cheapest)->Arg(10)->Arg(1000);

void BM_RoundRobin(benchmark::State& state) {
  Run(state, {.default_strategy = Strategy::kRoundRobin, .rules = {}});
}
BENCHMARK(BM_RoundRobin)->Arg(10)->Arg(1000);

void BM_LowestLatency(benchmark::State& state) {
  Run(state, {.default_strategy = Strategy::kLowestLatency, .rules = {}});
}
BENCHMARK(BM_LowestLatency)->Arg(10)->Arg(1000);

// A prompt of 60 KB in which no keyword occurs.
void BM_KeywordsAbsentFrom60Kb(benchmark::State& state) {
  Policies policies;
  policies.rules.resize(2);
  policies.rules[0].keywords = {"function", "debug", "stack trace", "compile"};
  policies.rules[1].keywords = {"poem", "translate", "summarize"};
  std::string text;
  while (text.size() < 60'000) text += "The quick brown fox jumps over the lazy dog, and then it sleeps. ";
  Run(state, policies, text);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_KeywordsAbsentFrom60Kb)->Arg(10);

void BM_Build(benchmark::State& state) {
  for (auto _ : state) {
    const Router router(MakeProviders(state.range(0)), {});
    benchmark::DoNotOptimize(router.providers().data());
  }
}
BENCHMARK(BM_Build)->Arg(10)->Arg(1000);

}  // namespace
}  // namespace arbstr::router
