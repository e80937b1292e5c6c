#include "proxy/upstream/latency_table.h"

#include <limits>

#include "proxy/upstream/moving_average.h"

namespace arbstr::proxy {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// A request that is wrong, or too large, is so for every provider. 403 and 451 may be about a request too
// (retry::MayBeTheRequestsFault), but a provider that knows our key no longer says the same, and at once.
bool IsTheRequestsFault(int status) {
  return status == 400 || status == 413 || status == 415 || status == 422;
}

}  // namespace

LatencySample LatencySampleOf(retry::Outcome outcome, int status) {
  switch (outcome) {
    case retry::Outcome::kAnswered:
      return LatencySample::kAnswer;
    case retry::Outcome::kFinal:
    case retry::Outcome::kRetryable:
    case retry::Outcome::kNextProvider:
      return IsTheRequestsFault(status) ? LatencySample::kAtLeast : LatencySample::kFailure;
    case retry::Outcome::kClientGone:
      return LatencySample::kAtLeast;
    case retry::Outcome::kDeadline:
      return LatencySample::kFailure;
    case retry::Outcome::kSkipped:
      break;
  }
  return LatencySample::kNone;
}

LatencyTable::LatencyTable(std::size_t providers)
    : averages_(providers, kUnknown), asked_(providers), outdated_(providers) {}

void LatencyTable::Copy(const LatencyTable& other, std::size_t from, std::size_t to) {
  averages_[to] = other.averages_[from];
  asked_[to] = other.asked_[from];
  outdated_[to] = other.outdated_[from];
}

std::span<const double> LatencyTable::ForDecision(TimePoint now) {
  decision_ = averages_;
  for (std::size_t i = 0; i < decision_.size(); ++i) {
    if (IsForgotten(i, now)) decision_[i] = kUnknown;
  }
  return decision_;
}

void LatencyTable::OnAsked(std::size_t provider, TimePoint now) {
  if (IsForgotten(provider, now)) outdated_[provider] = true;
  asked_[provider] = now;
}

void LatencyTable::OnAttempt(std::size_t provider, LatencySample sample, Duration took, Duration deadline,
                             TimePoint now) {
  using Millis = std::chrono::duration<double, std::milli>;
  asked_[provider] = now;
  double& average = averages_[provider];
  const double ms = Millis(sample == LatencySample::kFailure ? deadline : took).count();
  if (sample == LatencySample::kNone || (sample == LatencySample::kAtLeast && ms < average)) return;
  average = MovingAverage(outdated_[provider] ? kUnknown : average, ms);
  outdated_[provider] = false;
}

}  // namespace arbstr::proxy
