// What metrics count of attempts at providers.
#ifndef ARBSTR_PROXY_CHAT_ATTEMPT_NUMBERS_H_
#define ARBSTR_PROXY_CHAT_ATTEMPT_NUMBERS_H_

#include <chrono>

#include "proxy/chat/attempt_log.h"
#include "proxy/metrics/loop_metrics.h"
#include "proxy/upstream/upstream_exchange.h"
#include "retry/outcome.h"

namespace arbstr::proxy {

// Before the attempt enters the log: whether it is a retry or a fallback tells the one before it.
void CountAttemptBegun(LoopMetrics& metrics, const AttemptLog& attempt_log, const std::string& provider);

// Once an attempt: for one that is answered with a stream when that has ended.
void CountAttemptEnded(LoopMetrics& metrics, const std::string& provider, AttemptEnd end,
                       const ExchangeTimes& times, std::chrono::steady_clock::duration took);

// Of an attempt that was made.
AttemptEnd EndOf(retry::Outcome outcome);
// As the attempt log tells it.
AttemptVerdict VerdictOf(AttemptEnd end);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ATTEMPT_NUMBERS_H_
