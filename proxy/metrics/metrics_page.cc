#include "proxy/metrics/metrics_page.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "proxy/metrics/exposition.h"
#include "proxy/version.h"

namespace arbstr::proxy {
namespace {

// By AttemptEnd.
constexpr std::array<std::string_view, kAttemptEnds> kOutcomes = {
    "answered", "final",         "retryable",   "next_provider",
    "deadline", "broken_stream", "client_gone", "gateway_limit"};
constexpr std::array<std::string_view, 4> kHealth = {"ok", "degraded", "unhealthy", "draining"};
constexpr std::array<std::string_view, 3> kBreakerStates = {"closed", "half_open", "open"};

void WriteRequests(Exposition& page, const MetricsTotals& totals) {
  page.Family("arbstr_requests_total", "counter", "Chat requests that have a row in the request log.");
  for (const auto& [labels, count] : totals.requests) {
    page.Sample({{"provider", labels.provider},
                 {"model", labels.model},
                 {"status", fmt::to_string(labels.status)},
                 {"streaming", labels.streaming ? "true" : "false"}},
                count);
  }
  page.Family("arbstr_http_responses_total", "counter", "Responses of every route, errors included.");
  for (const auto& [labels, count] : totals.responses) {
    page.Sample({{"route", labels.route}, {"status", fmt::to_string(labels.status)}}, count);
  }
  page.Family("arbstr_requests_in_flight", "gauge", "Chat requests that are being served.");
  page.Sample({}, totals.in_flight);
  page.Family("arbstr_deadline_exceeded_total", "counter", "Chat requests answered 504 at their deadline.");
  page.Sample({}, totals.deadline_exceeded);
  page.Family("arbstr_request_duration_seconds", "histogram",
              "Time of a chat request from its arrival to its end.");
  page.Samples({{"streaming", "false"}}, totals.plain_duration);
  page.Samples({{"streaming", "true"}}, totals.stream_duration);
  page.Family("arbstr_overhead_seconds", "histogram",
              "Time of a chat request from its arrival to its answer, of a stream to its head, without waits "
              "for providers and back-offs.");
  page.Samples({}, totals.overhead);
}

using Providers = std::map<std::string, ProviderTotals>;

void WriteCount(Exposition& page, const Providers& providers, std::string_view name, std::string_view help,
                std::uint64_t ProviderTotals::*count) {
  page.Family(name, "counter", help);
  for (const auto& [provider, totals] : providers) page.Sample({{"provider", provider}}, totals.*count);
}

void WriteTimes(Exposition& page, const Providers& providers, std::string_view name, std::string_view help,
                HistogramTotals ProviderTotals::*times) {
  page.Family(name, "histogram", help);
  for (const auto& [provider, totals] : providers) page.Samples({{"provider", provider}}, totals.*times);
}

void WriteProviders(Exposition& page, const Providers& providers) {
  page.Family("arbstr_upstream_attempts_total", "counter", "Attempts at providers by how they ended.");
  for (const auto& [provider, totals] : providers) {
    for (std::size_t end = 0; end < kAttemptEnds; ++end) {
      page.Sample({{"provider", provider}, {"outcome", kOutcomes[end]}}, totals.attempts[end]);
    }
  }
  WriteCount(page, providers, "arbstr_retries_total", "Attempts after another one at the same provider.",
             &ProviderTotals::retries);
  WriteCount(page, providers, "arbstr_fallbacks_total", "Attempts after one at another provider.",
             &ProviderTotals::fallbacks);
  WriteTimes(page, providers, "arbstr_upstream_connect_seconds",
             "Time to open a new connection to a provider, TLS included.", &ProviderTotals::connect);
  WriteTimes(page, providers, "arbstr_upstream_first_byte_seconds",
             "Time from the beginning of an attempt to the first byte of the response.",
             &ProviderTotals::first_byte);
  WriteTimes(page, providers, "arbstr_upstream_total_seconds", "Time of an attempt to its end.",
             &ProviderTotals::total);
  page.Family("arbstr_tokens_total", "counter", "Tokens as providers counted them.");
  for (const auto& [provider, totals] : providers) {
    page.Sample({{"provider", provider}, {"direction", "input"}}, totals.input_tokens);
    page.Sample({{"provider", provider}, {"direction", "output"}}, totals.output_tokens);
  }
  page.Family("arbstr_cost_sats_total", "counter",
              "Cost of requests by the rates of their providers, in sats.");
  for (const auto& [provider, totals] : providers) {
    page.Sample({{"provider", provider}}, totals.cost_sats);
  }
}

void WriteBreakers(Exposition& page, const GaugeSnapshot& moment) {
  page.Family("arbstr_breaker_state", "gauge",
              "1 for the state that a provider's circuit breaker is in, the worst of its models.");
  for (const auto& [provider, now] : moment.breakers) {
    for (const std::string_view state : kBreakerStates) {
      page.Sample({{"provider", provider}, {"state", state}}, std::uint64_t{now == state});
    }
  }
}

void WriteHealth(Exposition& page, const GaugeSnapshot& moment) {
  page.Family("arbstr_health", "gauge", "1 for the status that /health answers.");
  for (const std::string_view status : kHealth)
    page.Sample({{"status", status}}, std::uint64_t{status == moment.health});
}

void WriteLog(Exposition& page, const LogMetrics& log, const GaugeSnapshot& moment) {
  page.Family("arbstr_log_queue_depth", "gauge", "Rows that wait for their commit.");
  page.Sample({}, std::uint64_t{moment.log_queue_depth});
  page.Family("arbstr_log_queue_capacity", "gauge",
              "Rows, those of requests in flight included, that the log holds before it refuses requests.");
  page.Sample({}, std::uint64_t{moment.log_queue_capacity});
  page.Family("arbstr_log_writable", "gauge", "0 while the last write to the database failed.");
  page.Sample({}, std::uint64_t{moment.log_writable});
  page.Family("arbstr_log_rows_committed_total", "counter", "Rows committed to the database.");
  page.Sample({}, log.committed_rows.value());
  page.Family("arbstr_log_write_failures_total", "counter",
              "Transactions that failed; their rows are kept and written again.");
  page.Sample({}, log.failed_writes.value());
  page.Family("arbstr_log_commit_seconds", "histogram", "Time of a transaction that committed.");
  HistogramTotals commit{kMiddleBounds, {}};
  log.commit.AddTo(commit);
  page.Samples({}, commit);
}

void WriteProcess(Exposition& page, const ProcessMetrics& process) {
  page.Family("process_cpu_seconds_total", "counter", "CPU time, user and system.");
  page.Sample({}, process.cpu_seconds);
  page.Family("process_start_time_seconds", "gauge", "When the process started, since 1970.");
  page.Sample({}, process.start_time_seconds);
  page.Family("process_resident_memory_bytes", "gauge", "Resident memory.");
  page.Sample({}, process.resident_bytes);
  page.Family("process_virtual_memory_bytes", "gauge", "Virtual memory.");
  page.Sample({}, process.virtual_bytes);
  page.Family("process_open_fds", "gauge", "Open file descriptors.");
  page.Sample({}, process.open_fds);
  page.Family("process_max_fds", "gauge", "How many file descriptors may be open.");
  page.Sample({}, process.max_fds);
}

}  // namespace

std::string MetricsPage(MetricsTotals totals, const LogMetrics& log, const GaugeSnapshot& moment,
                        const ProcessMetrics& process) {
  for (const auto& [provider, state] : moment.breakers) totals.providers.try_emplace(provider);
  Exposition page;
  page.Family("arbstr_build_info", "gauge", "1; the version is a label.");
  page.Sample({{"version", kVersion}}, std::uint64_t{1});
  WriteRequests(page, totals);
  WriteProviders(page, totals.providers);
  WriteBreakers(page, moment);
  WriteHealth(page, moment);
  page.Family("arbstr_connections", "gauge", "Open connections of clients.");
  page.Sample({}, std::uint64_t{moment.connections});
  page.Family("arbstr_connections_max", "gauge", "How many there may be; more are refused.");
  page.Sample({}, std::uint64_t{moment.connections_max});
  page.Family("arbstr_config_reload_success", "gauge",
              "0 where the configuration could not be read again: what ran before goes on.");
  page.Sample({}, std::uint64_t{moment.reload_succeeded});
  WriteLog(page, log, moment);
  WriteProcess(page, process);
  return page.Take();
}

}  // namespace arbstr::proxy
