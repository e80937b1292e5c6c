// What all event loops share: the configuration and what was built from it. Immutable but for what says
// otherwise.
#ifndef ARBSTR_PROXY_GATEWAY_H_
#define ARBSTR_PROXY_GATEWAY_H_

#include <absl/status/statusor.h>

#include <atomic>
#include <memory>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/net/resolver.h"
#include "proxy/net/server_tls.h"
#include "proxy/upstream/admission.h"
#include "proxy/upstream/upstream.h"
#include "request_log/query_thread.h"
#include "request_log/request_log.h"
#include "retry/retry_policy.h"
#include "router/router.h"

namespace arbstr::proxy {

struct Gateway {
  Gateway(Config c, std::vector<Upstream> u, std::shared_ptr<asio::ssl::context> t,
          std::unique_ptr<request_log::RequestLog> l, std::unique_ptr<request_log::QueryThread> q);

  const Config config;
  const std::shared_ptr<asio::ssl::context> tls;             // the listener's; null: plain
  const std::vector<Upstream> upstreams;                     // in the order of router.providers()
  const std::vector<std::unique_ptr<Admission>> admissions;  // likewise; thread-safe
  const router::Router router;
  const retry::RetryPolicy retry_policy;                        // of plain requests
  const retry::RetryPolicy stream_policy;                       // of streams: the same, or one attempt
  const std::unique_ptr<request_log::RequestLog> log;           // thread-safe
  const std::unique_ptr<request_log::QueryThread> log_queries;  // thread-safe
  Resolver resolver;                                            // thread-safe
  std::atomic<bool> draining{false};
  std::atomic<size_t> connections{0};
};

// Opens the log and reads certificates: blocks.
absl::StatusOr<std::unique_ptr<Gateway>> BuildGateway(const Config& config);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_GATEWAY_H_
