// What all event loops have counted, each for itself.
#ifndef ARBSTR_PROXY_METRICS_METRICS_H_
#define ARBSTR_PROXY_METRICS_METRICS_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/metrics/loop_metrics.h"

namespace arbstr::proxy {

struct ProviderTotals {
  std::array<std::uint64_t, kAttemptEnds> attempts{};
  std::uint64_t retries = 0, fallbacks = 0, input_tokens = 0, output_tokens = 0;
  double cost_sats = 0;
  HistogramTotals connect{kMiddleBounds, {}}, first_byte{kLongBounds, {}}, total{kLongBounds, {}};
};

struct MetricsTotals {
  std::map<RequestLabels, std::uint64_t> requests;
  std::map<ResponseLabels, std::uint64_t> responses;
  std::map<std::string, ProviderTotals> providers;
  std::int64_t in_flight = 0;
  std::uint64_t deadline_exceeded = 0;
  HistogramTotals overhead{kShortBounds, {}}, plain_duration{kLongBounds, {}},
      stream_duration{kLongBounds, {}};
};

// Thread-safe.
class Metrics {
 public:
  // A loop's own; lives as long as this.
  LoopMetrics& AddLoop();

  // The sums over all loops. Series that have no value yet are not in it.
  MetricsTotals Totals() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<LoopMetrics>> loops_;  // guarded by mutex_
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_METRICS_H_
