// How long a provider takes to answer, for the strategy lowest_latency.
#ifndef ARBSTR_PROXY_CHAT_LATENCY_AVERAGE_H_
#define ARBSTR_PROXY_CHAT_LATENCY_AVERAGE_H_

#include <chrono>

#include "retry/outcome.h"

namespace arbstr::proxy {

// What a provider's moving average, in milliseconds, becomes with an attempt that ended after `took`. NaN: no
// average yet. An answer weighs a fifth. So does a failure, as a whole `deadline`, or a broken provider would
// come first. Of an attempt whose client left only that it took so long is known: it can make the average
// longer, not shorter.
double AfterAttempt(double average_ms, retry::Outcome outcome, std::chrono::steady_clock::duration took,
                    std::chrono::steady_clock::duration deadline);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_LATENCY_AVERAGE_H_
