#include "proxy/server/log_json.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "proxy/http/cut_status.h"
#include "proxy/http/json_text.h"
#include "request_log/timestamp.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::ordered_json;
using request_log::FormatTimestamp;
using request_log::Record;

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// What the row of a failed request says is its provider's own answer, except where the request was cut. A
// provider's own answer of such a status has its attempt_log.
bool ProviderAnswered(const Record& row) { return row.error_status && !IsCutStatus(*row.error_status); }

Json OnlyAttempt(const Record& row) {
  const bool answered = ProviderAnswered(row);
  return {{"provider", OrNull(row.provider)},
          {"at_ms", nullptr},
          {"ms", nullptr},
          {"status", answered ? OrNull(row.error_status) : Json(nullptr)},
          {"error", answered ? OrNull(row.error_message) : Json(nullptr)},
          {"waited_ms", 0}};
}

Json AttemptsJson(const Record& row) {
  if (row.attempt_log) {
    Json attempts = Json::parse(*row.attempt_log, nullptr, /*allow_exceptions=*/false);
    if (attempts.is_array()) return attempts;
  }
  Json attempts = Json::array();
  if (!row.attempt_log && row.attempts == 1) attempts.push_back(OnlyAttempt(row));
  return attempts;
}

Json EntryJson(const request_log::LoggedRequest& entry) {
  const Record& row = entry.record;
  Json json = {{"id", entry.id},
               {"request_id", row.correlation_id},
               {"timestamp", FormatTimestamp(row.timestamp)},
               {"model", row.model},
               {"provider", OrNull(row.provider)},
               {"streaming", row.streaming},
               {"success", row.success}};
  json["tokens"] = {{"input", OrNull(row.input_tokens)}, {"output", OrNull(row.output_tokens)}};
  json["cost"] = {{"sats", OrNull(row.cost_sats)}};
  json["timing"] = {{"latency_ms", row.latency_ms}, {"stream_duration_ms", OrNull(row.stream_duration_ms)}};
  json["attempts"] = AttemptsJson(row);
  json["error"] = nullptr;
  if (!row.success) {
    json["error"] = {{"status", OrNull(row.error_status)}, {"message", OrNull(row.error_message)}};
  }
  return json;
}

void AddRange(const request_log::RowFilter& filter, Json& json) {
  json["since"] = FormatTimestamp(filter.since);
  json["until"] = FormatTimestamp(filter.until);
}

void AddTotals(const request_log::Totals& totals, Json& json) {
  json["counts"] = {{"total", totals.total},
                    {"success", totals.success},
                    {"error", totals.total - totals.success},
                    {"streaming", totals.streaming}};
  json["costs"] = {{"total_cost_sats", totals.cost_sats},
                   {"total_input_tokens", totals.input_tokens},
                   {"total_output_tokens", totals.output_tokens}};
  json["performance"] = {{"avg_latency_ms", OrNull(totals.avg_latency_ms)},
                         {"p50_latency_ms", OrNull(totals.p50_latency_ms)},
                         {"p95_latency_ms", OrNull(totals.p95_latency_ms)},
                         {"p99_latency_ms", OrNull(totals.p99_latency_ms)}};
}

Json GroupsJson(const request_log::Stats& stats, const char* name) {
  Json groups = Json::array();
  for (const auto& group : stats.groups) {
    Json json = {{name, OrNull(group.name)}};
    AddTotals(group.totals, json);
    groups.push_back(std::move(json));
  }
  return groups;
}

}  // namespace

std::string PageJson(const request_log::PageQuery& query, const request_log::Page& page) {
  Json json;
  json["data"] = Json::array();
  for (const auto& entry : page.rows) json["data"].push_back(EntryJson(entry));
  json["page"] = query.page;
  json["per_page"] = query.per_page;
  json["total"] = page.total;
  json["total_pages"] = (page.total + query.per_page - 1) / query.per_page;
  AddRange(query.filter, json);
  return JsonText(json);
}

std::string StatsJson(const request_log::StatsQuery& query, const request_log::Stats& stats) {
  Json json;
  AddRange(query.filter, json);
  AddTotals(stats.all, json);
  switch (query.group_by) {
    case request_log::GroupBy::kModel:
      json["models"] = GroupsJson(stats, "model");
      break;
    case request_log::GroupBy::kProvider:
      json["providers"] = GroupsJson(stats, "provider");
      break;
    case request_log::GroupBy::kNothing:
      break;
  }
  return JsonText(json);
}

}  // namespace arbstr::proxy
