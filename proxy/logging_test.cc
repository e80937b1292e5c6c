#include "proxy/logging.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

// All that stderr gets of what `log` logs.
std::string Written(LogFormat format, void (*log)(LogFormat)) {
  LoggingConfig config;
  config.format = format;
  testing::internal::CaptureStderr();
  auto writer = StartLogging(config);
  log(format);
  EXPECT_TRUE(StopLogging(std::move(writer)));
  return testing::internal::GetCapturedStderr();
}

void LogThree(LogFormat format) {
  spdlog::debug("not at this level");
  spdlog::info("listening on {}", "a \"b\"");
  LogLine line(format, "request");
  line.Add("status", std::int64_t{200});
  spdlog::warn("{}", line.text());
  spdlog::error("x");
}

constexpr char kTime[] = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)";

TEST(LoggingTest, ALineOfTextIsTimeLevelAndMessage) {
  const std::string time = kTime;
  const std::regex lines(time + " info listening on a \"b\"\n" + time + " warning request status=200\n" +
                         time + " error x\n");
  const std::string text = Written(LogFormat::kText, LogThree);
  EXPECT_TRUE(std::regex_match(text, lines)) << text;
}

TEST(LoggingTest, ALineOfJsonIsOneObject) {
  const std::string text = Written(LogFormat::kJson, LogThree);
  std::vector<nlohmann::json> lines;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    lines.push_back(nlohmann::json::parse(text.substr(at, text.find('\n', at) - at), nullptr, false));
    ASSERT_TRUE(lines.back().is_object()) << text;
    EXPECT_TRUE(std::regex_match(lines.back()["time"].get<std::string>(), std::regex(kTime))) << text;
    lines.back().erase("time");
  }
  ASSERT_EQ(lines.size(), 3u) << text;
  EXPECT_EQ(lines[0], nlohmann::json({{"level", "info"}, {"message", "listening on a \"b\""}}));
  EXPECT_EQ(lines[1], nlohmann::json({{"level", "warning"}, {"message", "request"}, {"status", 200}}));
  EXPECT_EQ(lines[2], nlohmann::json({{"level", "error"}, {"message", "x"}}));
}

TEST(LoggingTest, WhatStandsForMissingLinesIsALineLikeAnyOther) {
  const std::string words = "17 log lines dropped here: stderr was read too slowly";
  const std::string text = GapLine(LogFormat::kText, 17);
  EXPECT_TRUE(std::regex_match(text, std::regex(kTime + (" warning " + words) + "\n"))) << text;
  const std::string json = GapLine(LogFormat::kJson, 17);
  nlohmann::json line = nlohmann::json::parse(json, nullptr, false);
  ASSERT_TRUE(line.is_object() && json.ends_with("}\n")) << json;
  EXPECT_TRUE(std::regex_match(line["time"].get<std::string>(), std::regex(kTime))) << json;
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["message"], words);
}

}  // namespace
}  // namespace arbstr::proxy
