#include "proxy/server/log_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

using Json = nlohmann::json;
using request_log::LogTime;
using request_log::Record;

Record Answered() {
  Record row;
  row.correlation_id = "the-id";
  row.timestamp = LogTime(std::chrono::milliseconds(1'769'860'800'123));
  row.model = "gpt-4o";
  row.provider = "alpha";
  row.input_tokens = 10;
  row.output_tokens = 20;
  row.cost_sats = 1.5;
  row.latency_ms = 42;
  row.success = true;
  row.attempts = 1;
  return row;
}

Json Entry(const Record& row) {
  request_log::Page page;
  page.total = 1;
  page.rows.push_back({7, row});
  return Json::parse(PageJson({}, page))["data"][0];
}

TEST(LogJsonTest, AnEntryHasItsShape) {
  EXPECT_EQ(Entry(Answered()), Json::parse(R"({
    "id":7,"request_id":"the-id","timestamp":"2026-01-31T12:00:00.123Z","model":"gpt-4o","provider":"alpha",
    "streaming":false,"success":true,"tokens":{"input":10,"output":20},"cost":{"sats":1.5},
    "timing":{"latency_ms":42,"stream_duration_ms":null},
    "attempts":[{"provider":"alpha","at_ms":null,"ms":null,"status":null,"error":null,"waited_ms":0}],
    "error":null})"));
}

TEST(LogJsonTest, WhatIsNotKnownIsNull) {
  Record row;
  row.error_status = 400;
  row.error_message = "no provider";
  const Json entry = Entry(row);
  EXPECT_EQ(entry["provider"], nullptr);
  EXPECT_EQ(entry["tokens"], Json({{"input", nullptr}, {"output", nullptr}}));
  EXPECT_EQ(entry["cost"]["sats"], nullptr);
  EXPECT_EQ(entry["attempts"], Json::array()) << "none was made";
  EXPECT_EQ(entry["error"], Json({{"status", 400}, {"message", "no provider"}}));
}

TEST(LogJsonTest, AttemptsAreThoseOfTheAttemptLog) {
  Record row = Answered();
  row.attempts = 2;
  row.attempt_log = R"([{"provider":"beta","status":503},{"provider":"alpha","status":200}])";
  EXPECT_EQ(Entry(row)["attempts"], Json::parse(*row.attempt_log));
  row.attempt_log = "broken";
  EXPECT_EQ(Entry(row)["attempts"], Json::array());
  row.attempt_log = R"({"provider":"beta"})";
  EXPECT_EQ(Entry(row)["attempts"], Json::array());
}

TEST(LogJsonTest, TheOnlyAttemptTellsTheProvidersAnswerButNotOurOwn) {
  Record row = Answered();
  row.success = false;
  row.error_message = "too many requests";
  for (const int status : {400, 401, 429, 501}) {
    row.error_status = status;
    EXPECT_EQ(Entry(row)["attempts"][0]["status"], status);
    EXPECT_EQ(Entry(row)["attempts"][0]["error"], "too many requests");
  }
  for (const int status : {499, 500, 503}) {
    row.error_status = status;
    EXPECT_EQ(Entry(row)["attempts"][0]["status"], nullptr) << status;
    EXPECT_EQ(Entry(row)["attempts"][0]["error"], nullptr) << status;
  }
}

TEST(LogJsonTest, APageTellsWhereItStands) {
  request_log::PageQuery query;
  query.page = 2;
  query.per_page = 20;
  query.filter.until = LogTime(std::chrono::milliseconds(1));
  request_log::Page page;
  for (const auto& [total, pages] : {std::pair{0, 0}, std::pair{1, 1}, std::pair{40, 2}, std::pair{41, 3}}) {
    page.total = total;
    EXPECT_EQ(Json::parse(PageJson(query, page)), Json({{"data", Json::array()},
                                                        {"page", 2},
                                                        {"per_page", 20},
                                                        {"total", total},
                                                        {"total_pages", pages},
                                                        {"since", "1970-01-01T00:00:00.000Z"},
                                                        {"until", "1970-01-01T00:00:00.001Z"}}));
  }
}

TEST(LogJsonTest, StatsHaveTheirShapeAndGroupsTheSame) {
  request_log::Totals totals;
  totals.total = 3;
  totals.success = 2;
  totals.streaming = 1;
  totals.cost_sats = 2.5;
  totals.input_tokens = 30;
  totals.output_tokens = 60;
  totals.avg_latency_ms = 12.5;
  totals.p50_latency_ms = 10;
  totals.p95_latency_ms = 20;
  totals.p99_latency_ms = 30;
  const Json sums = Json::parse(R"({"counts":{"total":3,"success":2,"error":1,"streaming":1},
    "costs":{"total_cost_sats":2.5,"total_input_tokens":30,"total_output_tokens":60},
    "performance":{"avg_latency_ms":12.5,"p50_latency_ms":10,"p95_latency_ms":20,"p99_latency_ms":30}})");
  request_log::StatsQuery query;
  Json expected = sums;
  expected["since"] = expected["until"] = "1970-01-01T00:00:00.000Z";
  EXPECT_EQ(Json::parse(StatsJson(query, {totals, {}})), expected);

  Json group = sums, nameless = sums;
  group["provider"] = "alpha";
  nameless["provider"] = nullptr;
  expected["providers"] = {group, nameless};
  query.group_by = request_log::GroupBy::kProvider;
  EXPECT_EQ(Json::parse(StatsJson(query, {totals, {{"alpha", totals}, {std::nullopt, totals}}})), expected);
  query.group_by = request_log::GroupBy::kModel;
  EXPECT_EQ(Json::parse(StatsJson(query, {}))["models"], Json::array());
  EXPECT_EQ(Json::parse(StatsJson(query, {}))["performance"]["p50_latency_ms"], nullptr);
}

}  // namespace
}  // namespace arbstr::proxy
