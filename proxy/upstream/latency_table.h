// How long providers take to answer, for the strategy lowest_latency.
#ifndef ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_
#define ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "retry/outcome.h"

namespace arbstr::proxy {

// A moving average for each provider, by its position. Pure: time is an argument. Not thread-safe.
class LatencyTable {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // Once was slow is not slow for ever: who has not been asked for so long counts, for one request, as one
  // that was never measured.
  static constexpr std::chrono::seconds kForgotten{60};

  // Nothing is known of any.
  explicit LatencyTable(std::size_t providers);

  // What `other` knows of its provider `from` is known of `to`.
  void Copy(const LatencyTable& other, std::size_t from, std::size_t to);

  // In milliseconds; NaN: not known. What is forgotten is not known in ForDecision, whose result is valid
  // until it is called again.
  std::span<const double> averages() const { return averages_; }
  std::span<const double> ForDecision(TimePoint now);

  // The provider is about to be asked first.
  void OnChosen(std::size_t provider, TimePoint now) { asked_[provider] = now; }
  // An attempt that took `took` has ended. An answer weighs a fifth. So does a failure, as a whole
  // `deadline`, or a broken provider would come first. Of an attempt whose client left only that it took so
  // long is known: it can make the average longer, not shorter.
  void OnAttempt(std::size_t provider, retry::Outcome outcome, Duration took, Duration deadline,
                 TimePoint now);

 private:
  std::vector<double> averages_;
  std::vector<TimePoint> asked_;  // last
  std::vector<double> decision_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_
