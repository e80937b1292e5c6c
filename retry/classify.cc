#include "retry/classify.h"

#include <cstddef>

namespace arbstr::retry {
namespace {

bool Contains(const StatusSet& set, int status) {
  return status >= 0 && static_cast<std::size_t>(status) < set.size() &&
         set[static_cast<std::size_t>(status)];
}

struct Meaning {
  Outcome outcome;
  int counted_status;
};

Meaning MeaningOf(Fault fault) {
  switch (fault) {
    case Fault::kAttemptTimeout:
      return {Outcome::kNextProvider, 504};
    case Fault::kConnectTimeout:
      return {Outcome::kNextProvider, 502};
    case Fault::kConnectFailed:
    case Fault::kTls:
    case Fault::kReset:
    case Fault::kClosed:
    case Fault::kTruncated:
    case Fault::kUnreadable:
    case Fault::kTooLarge:
    case Fault::kOwnLimit:
    case Fault::kErrorBody:
      return {Outcome::kRetryable, 502};
  }
  return {Outcome::kFinal, 502};
}

}  // namespace

Outcome ClassifyStatus(const RetryPolicy& policy, int status) {
  if (status >= 200 && status < 300) return Outcome::kAnswered;
  if (Contains(policy.fallback_statuses, status)) return Outcome::kNextProvider;
  if (Contains(policy.statuses, status)) return Outcome::kRetryable;
  return Outcome::kFinal;
}

Outcome ClassifyFault(Fault fault) { return MeaningOf(fault).outcome; }

bool MayBeTheRequestsFault(int status) {
  return status == 400 || status == 403 || status == 413 || status == 415 || status == 422 || status == 451;
}

int CountedStatus(Fault fault) { return MeaningOf(fault).counted_status; }

}  // namespace arbstr::retry
