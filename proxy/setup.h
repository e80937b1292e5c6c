// What a reload of the configuration replaces, as one: a request that has begun with it ends with it.
#ifndef ARBSTR_PROXY_SETUP_H_
#define ARBSTR_PROXY_SETUP_H_

#include <absl/status/statusor.h>

#include <memory>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/net/server_tls.h"
#include "proxy/upstream/admission.h"
#include "proxy/upstream/upstream.h"
#include "retry/retry_policy.h"
#include "router/router.h"

namespace arbstr::proxy {

// Immutable, but for the admissions, which are thread-safe. Shared by all loops.
struct Setup {
  Setup(const Config& config, std::vector<std::shared_ptr<const Upstream>> u,
        std::vector<std::shared_ptr<Admission>> a, std::shared_ptr<asio::ssl::context> t);

  const RetryConfig retry;
  const std::vector<std::shared_ptr<const Upstream>> upstreams;  // in the order of router.providers()
  const std::vector<std::shared_ptr<Admission>> admissions;      // likewise
  const router::Router router;
  const retry::RetryPolicy retry_policy;          // of plain requests
  const retry::RetryPolicy stream_policy;         // of streams: the same, or one attempt
  const std::shared_ptr<asio::ssl::context> tls;  // the listener's; null: plain
};

// Reads certificates: blocks. What `previous` (null: there was none) knows of a provider that stays goes on:
// its connections where nothing about it has changed, its breakers, places and budget where it has its name
// and URL still.
absl::StatusOr<std::shared_ptr<const Setup>> BuildSetup(const Config& config, const Setup* previous);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SETUP_H_
