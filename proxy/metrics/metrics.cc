#include "proxy/metrics/metrics.h"

namespace arbstr::proxy {
namespace {

void Add(const ProviderMetrics& metrics, ProviderTotals& totals) {
  for (std::size_t end = 0; end < kAttemptEnds; ++end) totals.attempts[end] += metrics.attempts[end].value();
  totals.retries += metrics.retries.value();
  totals.fallbacks += metrics.fallbacks.value();
  totals.input_tokens += metrics.input_tokens.value();
  totals.output_tokens += metrics.output_tokens.value();
  totals.cost_sats += metrics.cost_sats.value();
  metrics.connect.AddTo(totals.connect);
  metrics.first_byte.AddTo(totals.first_byte);
  metrics.total.AddTo(totals.total);
}

void Add(const LoopMetrics& loop, MetricsTotals& totals) {
  loop.requests.ForEach([&](const auto& labels, const Counter& n) { totals.requests[labels] += n.value(); });
  loop.responses.ForEach(
      [&](const auto& labels, const Counter& n) { totals.responses[labels] += n.value(); });
  loop.providers.ForEach(
      [&](const std::string& name, const ProviderMetrics& metrics) { Add(metrics, totals.providers[name]); });
  totals.in_flight += loop.in_flight.value();
  totals.deadline_exceeded += loop.deadline_exceeded.value();
  loop.overhead.AddTo(totals.overhead);
  loop.plain_duration.AddTo(totals.plain_duration);
  loop.stream_duration.AddTo(totals.stream_duration);
}

}  // namespace

LoopMetrics& Metrics::AddLoop() {
  std::lock_guard lock(mutex_);
  return *loops_.emplace_back(std::make_unique<LoopMetrics>());
}

MetricsTotals Metrics::Totals() const {
  MetricsTotals totals;
  std::lock_guard lock(mutex_);
  for (const auto& loop : loops_) Add(*loop, totals);
  return totals;
}

}  // namespace arbstr::proxy
