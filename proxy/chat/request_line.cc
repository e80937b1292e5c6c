#include "proxy/chat/request_line.h"

#include "proxy/chat/excerpt.h"
#include "proxy/chat/sats.h"
#include "proxy/http/cut_status.h"
#include "proxy/log_line.h"
#include "proxy/metrics/request_labels.h"

namespace arbstr::proxy {
namespace {

void AddNumber(LogLine& line, std::string_view key, const std::optional<std::int64_t>& value) {
  if (value) line.Add(key, *value);
}

void AddText(LogLine& line, std::string_view key, const std::optional<std::string>& value) {
  if (value) line.Add(key, *value);
}

}  // namespace

std::string RequestLine(LogFormat format, const request_log::Record& row, const AttemptLog& attempt_log,
                        const SkippedCandidates& skipped, std::string_view trace_id) {
  LogLine line(format, "request");
  line.AddPlain("id", row.correlation_id).AddPlain("method", "POST").AddPlain("route", kChatRoute);
  line.Add("status", std::int64_t{row.status()}).Add("model", Excerpt(row.model));
  AddText(line, "provider", row.provider);
  AddText(line, "policy", row.policy);
  line.Add("stream", row.streaming).Add("attempts", std::int64_t{row.attempts});
  AddText(line, "retries", row.retries);
  if (attempt_log.not_retried() != nullptr) line.Add("not_retried", attempt_log.not_retried());
  line.Add("latency_ms", row.latency_ms);
  AddNumber(line, "stream_duration_ms", row.stream_duration_ms);
  AddNumber(line, "input_tokens", row.input_tokens);
  AddNumber(line, "output_tokens", row.output_tokens);
  if (row.cost_sats) line.AddJson("cost_sats", FormatSats(*row.cost_sats));
  if (!trace_id.empty()) line.Add("trace_id", trace_id);
  if (row.status() == kClientGoneStatus) line.Add("client_gone", true);
  if (!row.success) line.Add("error", Excerpt(row.error_message.value_or("")));
  if (!skipped.empty()) {
    if (line.is_json()) {
      line.AddJson("skipped", skipped.Json());
    } else {
      line.Add("skipped", skipped.Text());
    }
  }
  if (line.is_json()) {
    if (row.attempt_log) line.AddJson("attempt_log", *row.attempt_log);
  } else if (attempt_log.any_failed()) {
    line.Add("failed", attempt_log.Failures());
  }
  return std::move(line).text();
}

}  // namespace arbstr::proxy
