#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_TIME_TEXT_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_TIME_TEXT_H_

#include <string>

namespace mock_provider {

// A length of time as Go prints it, to the millisecond, rounded up: "12ms", "1.5s", "6m0s", "1h0m0s".
std::string GoDuration(double ms);

// "2026-01-01T00:00:01Z", rounded up to the second.
std::string Rfc3339(double unix_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_TIME_TEXT_H_
