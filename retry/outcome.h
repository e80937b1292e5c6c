#ifndef ARBSTR_RETRY_OUTCOME_H_
#define ARBSTR_RETRY_OUTCOME_H_

namespace arbstr::retry {

// What became of one attempt, named by what is safe to do next.
enum class Outcome {
  // A 2xx with a complete body: it is the answer.
  kAnswered,
  // A response that is neither success nor worth another try (4xx, 501, 3xx, …): passed on.
  kFinal,
  // Worth another try on the same provider: a status of `statuses`, a 200 whose body is an error, a broken
  // connection.
  kRetryable,
  // Not again on this provider, but the next one at once: a status of `fallback_statuses`, a connect
  // timeout, an attempt timeout.
  kNextProvider,
  // The request's deadline cut the attempt.
  kDeadline,
  // The client went away while the attempt was in flight.
  kClientGone,
  // The candidate was not asked at all (breaker open, at capacity). Not an attempt and no failure.
  kSkipped,
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_OUTCOME_H_
