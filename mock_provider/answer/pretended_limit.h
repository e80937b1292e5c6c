#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_PRETENDED_LIMIT_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_PRETENDED_LIMIT_H_

#include <cstdint>

namespace mock_provider {

// The tokens per minute that a scripted rate_limit error speaks of, in its text and its headers, so that all
// of its numbers agree with the wait that it asks for.
struct PretendedLimit {
  std::int64_t limit = 30'000;
  std::int64_t used = 0;
  std::int64_t requested = 11'159;
  double full_in_ms = 0;  // until nothing is used any more

  std::int64_t Remaining() const { return limit - used; }
};
PretendedLimit PretendLimit(std::int64_t retry_after_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_PRETENDED_LIMIT_H_
