// What the request log's writer counts, on its thread.
#ifndef ARBSTR_PROXY_METRICS_LOG_METRICS_H_
#define ARBSTR_PROXY_METRICS_LOG_METRICS_H_

#include "proxy/metrics/counter.h"
#include "proxy/metrics/histogram.h"

namespace arbstr::proxy {

struct LogMetrics {
  Counter committed_rows;
  Counter failed_writes;            // transactions that did not commit; their rows were kept
  Histogram commit{kMiddleBounds};  // of each transaction that committed
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_LOG_METRICS_H_
