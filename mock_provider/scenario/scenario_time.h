// Times of the scenario's clock: milliseconds since its start, always whole microseconds. A double holds such
// a time up to 31 years, but the difference of two is rounded to something near the microsecond it should be:
// take it from MsBetween where it is compared with a bound.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_TIME_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_TIME_H_

#include <cmath>

namespace mock_provider {

// The nearest time the clock can show; infinity stays infinity.
inline double ToMicrosecond(double ms) { return std::round(ms * 1000) / 1000; }

// Exactly 500 between 834.567 and 1334.567.
inline double MsBetween(double from_ms, double to_ms) { return ToMicrosecond(to_ms - from_ms); }

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_TIME_H_
