#ifndef ARBSTR_PROXY_CHAT_REQUEST_NUMBERS_H_
#define ARBSTR_PROXY_CHAT_REQUEST_NUMBERS_H_

#include <chrono>

#include "proxy/metrics/loop_metrics.h"
#include "request_log/record.h"

namespace arbstr::proxy {

// What metrics count of a chat request, once, with the labels that its row will have in the log.
// `listed_model`: the configuration names it.
void CountRequest(LoopMetrics& metrics, const request_log::Record& row, bool listed_model);

// Once its answer may be given. `overhead`: our own part of the time that it took.
void CountRequestTime(LoopMetrics& metrics, bool streaming, std::chrono::steady_clock::duration overhead,
                      std::chrono::steady_clock::duration took);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_REQUEST_NUMBERS_H_
