#ifndef ARBSTR_PROXY_CONFIG_CONFIG_H_
#define ARBSTR_PROXY_CONFIG_CONFIG_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/config/listen_address.h"
#include "proxy/config/outbound_proxy.h"
#include "proxy/config/provider_url.h"
#include "router/policy.h"

namespace arbstr::proxy {

// The configuration: a member per TOML key, of the same name (durations without their _ms), with its default.

struct ServerConfig {
  ListenAddress listen;
  int threads = 0;                        // 0: one per core
  std::optional<std::string> auth_token;  // absent: no authentication
  int rate_limit_rps = 0;                 // 0: unlimited
  std::size_t max_connections = 10'000;
  std::size_t max_body_bytes = 33'554'432;
  std::size_t max_response_bytes = 67'108'864;
  std::size_t max_header_bytes = 65'536;
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{60'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds drain_timeout{30'000};
  std::vector<std::string> cors_origins;
  std::optional<std::string> tls_certificate;
  std::optional<std::string> tls_key;
};

enum class Durability { kGroup, kBeforeResponse };

struct DatabaseConfig {
  std::string path = "arbstr.db";  // as written: relative to where the user is
  Durability durability = Durability::kGroup;
  int retention_days = 0;  // 0: for ever
};

enum class StreamingRetry { kFailFast, kBeforeFirstToken };

struct RetryConfig {
  int max_retries = 2;  // after the first attempt, on the first provider
  // Before retry 1, 2, …; the last repeats. Never empty.
  std::vector<std::chrono::milliseconds> backoff{
      std::chrono::milliseconds(1'000), std::chrono::milliseconds(2'000), std::chrono::milliseconds(4'000)};
  double jitter = 0.2;
  std::chrono::milliseconds deadline{30'000};
  std::chrono::milliseconds max_deadline{600'000};
  // Glob of models and their deadline, in file order: the first that fits.
  std::vector<std::pair<std::string, std::chrono::milliseconds>> deadline_by_model;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds attempt_timeout{0};  // 0: bounded by the deadline alone
  std::chrono::milliseconds retry_after_max{5'000};
  int fallbacks = 1;  // how many further providers get one attempt each
  std::vector<int> statuses{500, 502, 503, 504, 520, 521, 522, 523, 524, 529};
  std::vector<int> fallback_statuses;
  StreamingRetry streaming = StreamingRetry::kFailFast;
  std::chrono::milliseconds first_event{300'000};
  std::chrono::milliseconds stream_idle{300'000};
  int budget_percent = 20;  // of requests may be retries; 0: no budget
  int budget_min_per_s = 10;
};

struct ProviderConfig {
  enum class Auth { kBearer, kApiKey };

  std::string name;  // unique; [A-Za-z0-9._-]
  ProviderUrl url;
  std::string api_key;  // empty: no credentials are sent
  Auth auth = Auth::kBearer;
  std::vector<std::pair<std::string, std::string>> headers;  // in file order
  bool stream_usage = true;
  std::vector<std::string> models;                 // empty: every model
  std::map<std::string, std::string> model_names;  // ours to the provider's
  double input_rate = 0;                           // sats per 1M input tokens
  double output_rate = 0;                          // sats per 1M output tokens
  double base_fee = 0;                             // sats per request
  std::size_t max_concurrency = 0;                 // 0: unlimited
  std::string tls_ca_file;                         // empty: the system's
  std::optional<OutboundProxy> proxy;              // no key: the environment names it

  bool operator==(const ProviderConfig&) const = default;
};

struct CircuitBreakerConfig {
  int failures = 5;  // requests in a row that exhausted a provider; 0: off
  std::chrono::milliseconds open{30'000};
};

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError };
enum class LogFormat { kText, kJson };

struct LoggingConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
  bool bodies = false;
};

struct Config {
  ServerConfig server;
  DatabaseConfig database;
  RetryConfig retry;
  std::vector<ProviderConfig> providers;  // in file order; never empty once loaded
  router::Policies policies;
  CircuitBreakerConfig circuit_breaker;
  LoggingConfig logging;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_CONFIG_H_
