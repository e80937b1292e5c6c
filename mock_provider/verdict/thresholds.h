// Where good manners end: the numbers behind each finding.
#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_THRESHOLDS_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_THRESHOLDS_H_

namespace mock_provider::verdict {

// All times in milliseconds of the scenario's clock.
struct Thresholds {
  double retry_after_slack_ms = 50;  // how much too early a retry may come, since clocks and timers round
  double min_backoff_ms = 100;       // between a failure and the next attempt, where no wait was asked for
  double storm_attempts = 6;         // at one request at one provider; more are a storm
  double overlap_slack_ms = 50;      // by so much the mock may notice an end later than a beginning
  // The same request while another is open is a duplicate within this time, and a retry after it.
  double duplicate_within_ms = 1000;
  double cancel_slack_ms = 1000;  // how long after such a retry the first attempt may stay open
  double timeout_ms = 60'000;     // a client that bears a longer silence has no timeout
  double give_up_ms = 0;  // how long after a failure, or after the wait it asked for, a retry may still come
  double max_retry_after_ms = 60'000;  // a client may give up on a longer wait
};

}  // namespace mock_provider::verdict

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_THRESHOLDS_H_
