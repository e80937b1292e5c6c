// What counting a request costs its event loop: `bazel run -c opt //proxy/metrics:loop_metrics_benchmark`.
#include <benchmark/benchmark.h>

#include "proxy/metrics/loop_metrics.h"

namespace arbstr::proxy {
namespace {

void CountARequest(benchmark::State& state) {
  LoopMetrics loop;
  const std::string provider = "provider-alpha", model = "gpt-4o-mini-2024";
  for (auto _ : state) loop.requests.At({provider, model, 200, false}).Add();
}
BENCHMARK(CountARequest);

void ObserveADuration(benchmark::State& state) {
  Histogram histogram(kLongBounds);
  for (auto _ : state) histogram.Observe(std::chrono::milliseconds(120));
}
BENCHMARK(ObserveADuration);

}  // namespace
}  // namespace arbstr::proxy
