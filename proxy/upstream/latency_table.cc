#include "proxy/upstream/latency_table.h"

#include <limits>

#include "proxy/upstream/moving_average.h"

namespace arbstr::proxy {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double After(double average_ms, retry::Outcome outcome, LatencyTable::Duration took,
             LatencyTable::Duration deadline) {
  std::chrono::duration<double, std::milli> sample = took;
  switch (outcome) {
    case retry::Outcome::kAnswered:
    case retry::Outcome::kFinal:
      break;
    case retry::Outcome::kClientGone:
      if (sample.count() < average_ms) return average_ms;
      break;
    case retry::Outcome::kRetryable:
    case retry::Outcome::kNextProvider:
    case retry::Outcome::kDeadline:
      sample = deadline;
      break;
    case retry::Outcome::kSkipped:
      return average_ms;
  }
  return MovingAverage(average_ms, sample.count());
}

}  // namespace

LatencyTable::LatencyTable(std::size_t providers) : averages_(providers, kUnknown), asked_(providers) {}

void LatencyTable::Copy(const LatencyTable& other, std::size_t from, std::size_t to) {
  averages_[to] = other.averages_[from];
  asked_[to] = other.asked_[from];
}

std::span<const double> LatencyTable::ForDecision(TimePoint now) {
  decision_ = averages_;
  for (std::size_t i = 0; i < decision_.size(); ++i) {
    if (now >= asked_[i] + kForgotten) decision_[i] = kUnknown;
  }
  return decision_;
}

void LatencyTable::OnAttempt(std::size_t provider, retry::Outcome outcome, Duration took, Duration deadline,
                             TimePoint now) {
  asked_[provider] = now;
  averages_[provider] = After(averages_[provider], outcome, took, deadline);
}

}  // namespace arbstr::proxy
