// The text of GET /metrics. docs/operations.md says what each metric means.
#ifndef ARBSTR_PROXY_METRICS_METRICS_PAGE_H_
#define ARBSTR_PROXY_METRICS_METRICS_PAGE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/metrics/log_metrics.h"
#include "proxy/metrics/metrics.h"
#include "proxy/metrics/process_metrics.h"

namespace arbstr::proxy {

// What is not counted but is so at this moment.
struct GaugeSnapshot {
  std::size_t connections = 0;
  std::size_t connections_max = 0;
  bool reload_succeeded = true;  // the last one; also where there was none
  std::size_t log_queue_depth = 0;
  std::size_t log_queue_capacity = 0;
  bool log_writable = true;
  // Of each configured provider: "closed", "open" or "half_open".
  std::vector<std::pair<std::string, std::string>> breakers;
  std::string_view health = "ok";  // /health's status
};

// Providers of `moment` that have counted nothing yet are there with zeros.
std::string MetricsPage(MetricsTotals totals, const LogMetrics& log, const GaugeSnapshot& moment,
                        const ProcessMetrics& process);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_METRICS_PAGE_H_
