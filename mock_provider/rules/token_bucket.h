// A minute's worth of something: all of it may be taken at once, and it comes back evenly. Each call is told
// the time, in milliseconds of a clock that never goes back.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_TOKEN_BUCKET_H_
#define ARBSTR_MOCK_PROVIDER_RULES_TOKEN_BUCKET_H_

#include <cstdint>

namespace mock_provider {

class TokenBucket {
 public:
  // Full at first. `per_minute` is at least 1.
  explicit TokenBucket(std::int64_t per_minute);

  // How long until that much can be taken, in whole milliseconds; 0: now. Not for more than `per_minute`,
  // which is never there.
  double WaitMs(std::int64_t amount, double now_ms) const;

  // Fewer than none gives some back.
  void Take(std::int64_t amount, double now_ms);

  std::int64_t per_minute() const { return per_minute_; }
  std::int64_t Left(double now_ms) const;  // whole ones
  double FullInMs(double now_ms) const;

 private:
  std::int64_t per_minute_;
  double ms_per_token_;
  // When it will be full again, if nothing more is taken: all there is to remember.
  double full_at_ms_ = 0;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_TOKEN_BUCKET_H_
