// How long providers take to answer, for the strategy lowest_latency.
#ifndef ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_
#define ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "retry/outcome.h"

namespace arbstr::proxy {

// What an attempt says of how long its provider takes to answer.
enum class LatencySample {
  kAnswer,   // it took so long
  kAtLeast,  // it would have taken so long or longer: the average can become longer by it, not shorter
  kFailure,  // it counts as a whole deadline, or a broken provider would come first
  kNone,     // the provider was not asked
};

// `status`: of the answer, where there was one. A refusal is no answer: a provider that is out of quota, or
// knows our key no longer, is quick to say so. Only one that is about the request alone says nothing against
// it, whatever the policy makes of it.
LatencySample LatencySampleOf(retry::Outcome outcome, int status);

// A moving average for each provider, by its position. Pure: time is an argument. Not thread-safe.
class LatencyTable {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // Once was slow is not slow for ever: who has not been asked for so long counts, for one request, as one
  // that was never measured, and what that one takes replaces what was known.
  static constexpr std::chrono::seconds kForgotten{60};

  // Nothing is known of any.
  explicit LatencyTable(std::size_t providers);

  // What `other` knows of its provider `from` is known of `to`.
  void Copy(const LatencyTable& other, std::size_t from, std::size_t to);

  // In milliseconds; NaN: not known. What is forgotten is not known in ForDecision, whose result is valid
  // until it is called again.
  std::span<const double> averages() const { return averages_; }
  std::span<const double> ForDecision(TimePoint now);

  // An attempt begins.
  void OnAsked(std::size_t provider, TimePoint now);
  // An attempt that took `took` has ended, or its stream has broken. It weighs a fifth.
  void OnAttempt(std::size_t provider, LatencySample sample, Duration took, Duration deadline, TimePoint now);

 private:
  bool IsForgotten(std::size_t provider, TimePoint now) const { return now >= asked_[provider] + kForgotten; }

  std::vector<double> averages_;
  std::vector<TimePoint> asked_;  // last
  std::vector<bool> outdated_;    // the average is of a time before the last pause
  std::vector<double> decision_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_LATENCY_TABLE_H_
