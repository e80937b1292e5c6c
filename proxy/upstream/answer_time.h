#ifndef ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_
#define ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "proxy/upstream/moving_average.h"

namespace arbstr::proxy {

// How long a provider takes to answer, when it does: a moving average. One a provider, shared by all loops:
// every member may be called from any thread, and takes no lock. Of answers that are reported at once some
// may be lost, which an average bears.
class AnswerTime {
 public:
  using Duration = std::chrono::steady_clock::duration;

  void OnAnswer(Duration took) {
    const double average = average_ms_.load(std::memory_order_relaxed);
    average_ms_.store(MovingAverage(average, Millis(took).count()), std::memory_order_relaxed);
  }

  // Nothing where there was no answer yet.
  std::optional<Duration> average() const {
    const double average = average_ms_.load(std::memory_order_relaxed);
    if (std::isnan(average)) return std::nullopt;
    return std::chrono::duration_cast<Duration>(Millis(average));
  }

 private:
  using Millis = std::chrono::duration<double, std::milli>;

  std::atomic<double> average_ms_{std::numeric_limits<double>::quiet_NaN()};
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_
