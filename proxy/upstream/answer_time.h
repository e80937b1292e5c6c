#ifndef ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_
#define ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_

#include <atomic>
#include <chrono>
#include <limits>

#include "proxy/upstream/moving_average.h"

namespace arbstr::proxy {

// How long a provider takes to answer, when it does: a moving average. Every
// member may be called from any thread; of answers that are told of at once, some may be left out.
class AnswerTime {
 public:
  using Duration = std::chrono::steady_clock::duration;

  void OnAnswer(Duration took) {
    const double average = average_ms_.load(std::memory_order_relaxed);
    average_ms_.store(MovingAverage(average, Millis(took).count()), std::memory_order_relaxed);
  }

  // An attempt that the deadline cut so soon says nothing about the provider then. False of one that has not
  // answered yet.
  bool IsLongerThan(Duration took) const {
    return average_ms_.load(std::memory_order_relaxed) > Millis(took).count();
  }

 private:
  using Millis = std::chrono::duration<double, std::milli>;

  std::atomic<double> average_ms_{std::numeric_limits<double>::quiet_NaN()};
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_ANSWER_TIME_H_
