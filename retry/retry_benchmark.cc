#include <benchmark/benchmark.h>

#include "retry/retry_after.h"
#include "retry/state_machine.h"

namespace arbstr::retry {
namespace {

using namespace std::chrono_literals;

// The common request: one attempt that is answered.
void BM_AnsweredAtOnce(benchmark::State& state) {
  const RetryPolicy policy;
  for (auto _ : state) {
    StateMachine machine(policy, 2, TimePoint{30s});
    benchmark::DoNotOptimize(machine.Start(TimePoint{0s}));
    benchmark::DoNotOptimize(
        machine.OnOutcome({.outcome = Outcome::kAnswered, .retry_after = {}}, TimePoint{1s}));
  }
}
BENCHMARK(BM_AnsweredAtOnce);

// Everything fails: three attempts on the primary, one on the fallback.
void BM_ExhaustedAfterFour(benchmark::State& state) {
  const RetryPolicy policy;
  for (auto _ : state) {
    StateMachine machine(policy, 2, TimePoint{30s});
    Decision decision = machine.Start(TimePoint{0s});
    while (const Attempt* attempt = std::get_if<Attempt>(&decision)) {
      decision =
          machine.OnOutcome({.outcome = Outcome::kRetryable, .retry_after = 1s, .draw = 0.5}, attempt->at);
    }
    benchmark::DoNotOptimize(decision);
  }
}
BENCHMARK(BM_ExhaustedAfterFour);

void BM_ParseRetryAfterDate(benchmark::State& state) {
  const std::chrono::system_clock::time_point now{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseRetryAfter(std::nullopt, "Sun, 06 Nov 1994 08:49:37 GMT", now));
  }
}
BENCHMARK(BM_ParseRetryAfterDate);

}  // namespace
}  // namespace arbstr::retry
