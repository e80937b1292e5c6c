// Numbers that one thread changes and any thread reads: a store and no locked instruction for each change.
#ifndef ARBSTR_PROXY_METRICS_COUNTER_H_
#define ARBSTR_PROXY_METRICS_COUNTER_H_

#include <atomic>
#include <cstdint>

namespace arbstr::proxy {

template <typename Number>
class SingleWriter {
 public:
  // Only ever by the one thread that owns it.
  void Add(Number amount = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  // By any thread.
  Number value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_{0};
};

using Counter = SingleWriter<std::uint64_t>;
using FloatCounter = SingleWriter<double>;  // only grows
using Gauge = SingleWriter<std::int64_t>;   // goes up and down

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_COUNTER_H_
