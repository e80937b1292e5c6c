#include "proxy/gateway.h"

#include <spdlog/spdlog.h>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"

namespace arbstr::proxy {
namespace {

std::vector<router::Provider> RouterProviders(const std::vector<ProviderConfig>& providers) {
  std::vector<router::Provider> result;
  for (const auto& p : providers)
    result.push_back({p.name, p.models, p.input_rate, p.output_rate, p.base_fee});
  return result;
}

std::vector<std::unique_ptr<Admission>> Admissions(const Config& config) {
  std::vector<std::unique_ptr<Admission>> result;
  for (const auto& provider : config.providers) {
    result.push_back(std::make_unique<Admission>(Admission::Limits{
        .breaker = {.failures = config.circuit_breaker.failures, .open_for = config.circuit_breaker.open},
        .budget = {.percent = config.retry.budget_percent, .min_per_s = config.retry.budget_min_per_s},
        .max_concurrency = provider.max_concurrency}));
  }
  return result;
}

retry::StatusSet ToSet(const std::vector<int>& statuses) {
  retry::StatusSet set;
  for (const int status : statuses) set.set(static_cast<size_t>(status));
  return set;
}

retry::RetryPolicy RetryPolicyOf(const RetryConfig& config) {
  retry::RetryPolicy policy;
  policy.max_retries = config.max_retries;
  policy.backoff = config.backoff;
  policy.jitter = config.jitter;
  policy.retry_after_max = config.retry_after_max;
  policy.fallbacks = config.fallbacks;
  policy.statuses = ToSet(config.statuses);
  policy.fallback_statuses = ToSet(config.fallback_statuses);
  return policy;
}

retry::RetryPolicy StreamPolicy(retry::RetryPolicy policy, StreamingRetry streaming) {
  if (streaming == StreamingRetry::kBeforeFirstToken) return policy;
  policy.max_retries = 0;
  policy.fallbacks = 0;
  return policy;
}

// Questions about the log that may wait behind the one that is being answered; more are answered 503.
constexpr size_t kMostWaitingQueries = 64;

request_log::SqliteDurability SqliteDurabilityOf(const DatabaseConfig& database) {
  return database.durability == Durability::kBeforeResponse ? request_log::SqliteDurability::kBeforeResponse
                                                            : request_log::SqliteDurability::kGroup;
}

// Room for the rows of every connection at once, and for a while of traffic that the disk does not take.
size_t LogCapacity(const Config& config) { return 65536 + config.server.max_connections; }

}  // namespace

Gateway::Gateway(Config c, std::vector<Upstream> u, std::shared_ptr<asio::ssl::context> t,
                 std::unique_ptr<request_log::RequestLog> l, std::unique_ptr<request_log::QueryThread> q)
    : config(std::move(c)),
      tls(std::move(t)),
      upstreams(std::move(u)),
      admissions(Admissions(config)),
      router(RouterProviders(config.providers), config.policies),
      retry_policy(RetryPolicyOf(config.retry)),
      stream_policy(StreamPolicy(retry_policy, config.retry.streaming)),
      log(std::move(l)),
      log_queries(std::move(q)) {}

absl::StatusOr<std::unique_ptr<Gateway>> BuildGateway(const Config& config) {
  std::vector<Upstream> upstreams;
  for (const ProviderConfig& provider : config.providers) {
    auto upstream = MakeUpstream(provider);
    if (!upstream.ok()) return upstream.status();
    upstreams.push_back(*std::move(upstream));
  }
  ServerTls tls;
  if (config.server.tls_certificate) {
    tls = MakeServerTls(*config.server.tls_certificate, *config.server.tls_key);
    if (!tls.context) return absl::InvalidArgumentError(tls.mistake);
  }
  request_log::SqliteUpkeep upkeep;
  upkeep.retention_days = config.database.retention_days;
  auto sink = request_log::OpenSqlite(config.database.path, SqliteDurabilityOf(config.database), upkeep);
  if (!sink.ok()) return sink.status();
  auto reader = request_log::LogReader::Open(config.database.path);
  if (!reader.ok()) return reader.status();
  request_log::RequestLog::Options options;
  options.capacity = LogCapacity(config);
  options.on_error = [](const std::string& what) { spdlog::error("{}", what); };
  auto log = std::make_unique<request_log::RequestLog>(*std::move(sink), std::move(options));
  auto queries = std::make_unique<request_log::QueryThread>(*std::move(reader), kMostWaitingQueries);
  return std::make_unique<Gateway>(config, std::move(upstreams), std::move(tls.context), std::move(log),
                                   std::move(queries));
}

}  // namespace arbstr::proxy
