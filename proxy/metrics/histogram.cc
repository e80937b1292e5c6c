#include "proxy/metrics/histogram.h"

#include <algorithm>

namespace arbstr::proxy {

void Histogram::Observe(std::chrono::duration<double> took) {
  const double seconds = std::max(took.count(), 0.0);
  const auto bucket = std::ranges::lower_bound(bounds_, seconds) - bounds_.begin();
  buckets_[static_cast<std::size_t>(bucket)].Add();
  sum_.Add(seconds);
}

void Histogram::AddTo(HistogramTotals& totals) const {
  totals.bounds = bounds_;
  totals.buckets.resize(buckets_.size());
  for (std::size_t i = 0; i < buckets_.size(); ++i) totals.buckets[i] += buckets_[i].value();
  totals.sum += sum_.value();
}

}  // namespace arbstr::proxy
