// How often something took how long, in buckets of seconds.
#ifndef ARBSTR_PROXY_METRICS_HISTOGRAM_H_
#define ARBSTR_PROXY_METRICS_HISTOGRAM_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "proxy/metrics/counter.h"

namespace arbstr::proxy {

// Upper bounds in seconds, ascending; the bucket without one comes on top.
using BucketBounds = std::span<const double>;

// Our own work, from 25 µs.
inline constexpr std::array<double, 14> kShortBounds = {
    0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1};
// A connection's beginning, and what waits for a disk.
inline constexpr std::array<double, 13> kMiddleBounds = {0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                         0.05,    0.1,    0.25,  0.5,    1,     3};
// An answer of a model.
inline constexpr std::array<double, 15> kLongBounds = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                       1,     2.5,   5,    10,    30,   60,  300};

// The sum of any number of histograms of one meaning.
struct HistogramTotals {
  BucketBounds bounds;
  // Each bucket's own; one more than there are bounds; empty: nothing yet.
  std::vector<std::uint64_t> buckets;
  double sum = 0;  // seconds
};

// One thread observes, any thread reads.
class Histogram {
 public:
  // `bounds` outlives this.
  explicit Histogram(BucketBounds bounds) : bounds_(bounds), buckets_(bounds.size() + 1) {}

  void Observe(std::chrono::duration<double> took);
  void AddTo(HistogramTotals& totals) const;

 private:
  const BucketBounds bounds_;
  std::vector<Counter> buckets_;
  FloatCounter sum_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_HISTOGRAM_H_
