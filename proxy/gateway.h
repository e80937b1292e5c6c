// What all event loops share for as long as the process runs.
#ifndef ARBSTR_PROXY_GATEWAY_H_
#define ARBSTR_PROXY_GATEWAY_H_

#include <absl/status/statusor.h>

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "proxy/config/config.h"
#include "proxy/metrics/log_metrics.h"
#include "proxy/metrics/metrics.h"
#include "proxy/net/resolver.h"
#include "proxy/rate_limit.h"
#include "request_log/query_thread.h"
#include "request_log/request_log.h"
#include "router/round_robin_counters.h"

namespace arbstr::proxy {

// The sections of the configuration that hold until a restart; the rest is in Setup.
struct FixedConfig {
  ServerConfig server;
  DatabaseConfig database;
  LoggingConfig logging;
};

// `configured`: server.threads; 0: one for each of the machine's.
size_t EventLoopCount(int configured);

struct Gateway {
  Gateway(const Config& c, std::unique_ptr<LogMetrics> m, std::unique_ptr<request_log::RequestLog> l,
          std::unique_ptr<request_log::QueryThread> q)
      : config{c.server, c.database, c.logging},
        log_metrics(std::move(m)),
        log(std::move(l)),
        log_queries(std::move(q)) {}

  const FixedConfig config;
  Metrics metrics;                                              // thread-safe
  const std::unique_ptr<const LogMetrics> log_metrics;          // the log's writer changes it
  const std::unique_ptr<request_log::RequestLog> log;           // thread-safe
  const std::unique_ptr<request_log::QueryThread> log_queries;  // thread-safe
  Resolver resolver;                                            // thread-safe
  router::RoundRobinCounters round_robin;                       // thread-safe
  RateLimit rate_limit{config.server.rate_limit_rps};           // thread-safe
  std::atomic<bool> draining{false};
  std::atomic<bool> reload_succeeded{true};
  std::atomic<size_t> connections{0};
  // What would take too long on a loop:
  asio::thread_pool page_maker{1};
  asio::thread_pool body_reader{EventLoopCount(config.server.threads)};
};

// Opens the log: blocks.
absl::StatusOr<std::unique_ptr<Gateway>> BuildGateway(const Config& config);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_GATEWAY_H_
