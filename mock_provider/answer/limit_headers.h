// A provider's limits as its clients see them: headers on every answer, and the 429.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_LIMIT_HEADERS_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_LIMIT_HEADERS_H_

#include <cstdint>

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/dialect.h"

namespace mock_provider {

// x-ratelimit-{limit,remaining,reset}-{requests,tokens}, the reset being the time until the bucket is full;
// or anthropic-ratelimit-…, with the reset as a time of day, for which the wall clock comes in.
void AddLimitHeaders(Dialect dialect, const LimitVerdict& verdict, double unix_ms, HttpAnswer& answer);

// The same for a scenario's own rate limit error, whose body then speaks of the request's `tokens` and of
// these limits too, where there are some. Any other error is left as it is.
void SpeakOfLimits(Dialect dialect, const LimitVerdict& limits, std::int64_t tokens, const ErrorAnswer& error,
                   const ErrorContext& context, HttpAnswer& answer);

// The dialect's 429 for the limit that was hit, in its numbers.
HttpAnswer MakeLimitAnswer(Dialect dialect, const LimitVerdict& verdict, const ErrorContext& context);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_LIMIT_HEADERS_H_
