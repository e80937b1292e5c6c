#include "proxy/log_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace arbstr::proxy {
namespace {

using Json = nlohmann::json;

std::string Line(LogFormat format) {
  LogLine line(format, "request");
  line.Add("id", "0198-ab").Add("error", "a b\n\"c\"\xff").Add("none", "").Add("n", std::int64_t{-7});
  line.Add("gone", true).AddJson("attempts", R"([{"ms":1}])").Add("accent", "\xC3\xA9");
  return std::string(line.text());
}

TEST(LogLineTest, ForEyesItIsWordsAndQuotesWhereTheyAreNeeded) {
  EXPECT_EQ(Line(LogFormat::kText),
            "request id=0198-ab error=\"a b\\n\\\"c\\\"\xEF\xBF\xBD\" none=\"\" n=-7 gone=true "
            "attempts=\"[{\\\"ms\\\":1}]\" accent=\"\xC3\xA9\"");
}

TEST(LogLineTest, ForMachinesItIsTheMembersOfAnObject) {
  const std::string text = Line(LogFormat::kJson);
  ASSERT_EQ(text.front(), kJsonMembers);
  const Json line = Json::parse("{" + text.substr(1) + "}", nullptr, false);
  const Json expected = {{"message", "request"},
                         {"id", "0198-ab"},
                         {"error", "a b\n\"c\"\xEF\xBF\xBD"},
                         {"none", ""},
                         {"n", -7},
                         {"gone", true},
                         {"attempts", Json::array({{{"ms", 1}}})},
                         {"accent", "\xC3\xA9"}};
  EXPECT_EQ(line, expected) << text;
}

TEST(LogLineTest, NothingThatIsSaidCanMakeASecondLineOrAKey) {
  for (const char* said : {"x\nrequest y", "x status=200", "\r", "\x1b[31m", "a=b", "\"", "\\"}) {
    LogLine text(LogFormat::kText, "request");
    text.Add("said", said);
    EXPECT_EQ(text.text().find_first_of("\n\r\x1b"), std::string::npos) << said;
    EXPECT_EQ(text.text().substr(0, 14), "request said=\"") << text.text();
  }
}

TEST(LogLineTest, WhatATerminalObeysOrTurnsAroundIsEscapedAndSaysTheSame) {
  const std::vector<std::string> hidden = {"\x7F",   "\u0080", "\u0085", "\u009B", "\u009F", "\u2028",
                                           "\u2029", "\u202A", "\u202E", "\u2066", "\u2069"};
  for (const std::string& text : hidden) {
    SCOPED_TRACE(Json(text).dump(-1, ' ', true));
    const std::string said = "it said " + text + "31m" + text;
    for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
      LogLine line(format, "request");
      line.Add("said", said).AddJson("log", Json({{"error", said}}).dump());
      EXPECT_EQ(line.text().find(text), std::string::npos) << line.text();
      if (format == LogFormat::kText) continue;
      const Json json = Json::parse(fmt::format("{{{}}}", line.text().substr(1)), nullptr, false);
      EXPECT_EQ(json["said"], said);
      EXPECT_EQ(json["log"]["error"], said);
    }
  }
}

TEST(LogLineTest, LettersOfAllLanguagesStayAsTheyAre) {
  // The neighbours of what is escaped, and what begins with the same bytes.
  for (const char* said : {"caf\u00E9 \u00A0", "\u2027\u202F\u2030", "\u2065\u206A", "\u2192 \u20AC",
                           "\u65E5\u672C\u8A9E", "\U0001F600", "12345678\u00E9"}) {
    LogLine text(LogFormat::kText, "request"), json(LogFormat::kJson, "request");
    text.Add("said", said);
    json.Add("said", said).AddJson("log", fmt::format("[\"{}\"]", said));
    EXPECT_EQ(text.text(), fmt::format("request said=\"{}\"", said));
    EXPECT_NE(json.text().find(fmt::format("\"said\":\"{0}\",\"log\":[\"{0}\"]", said)), std::string::npos)
        << json.text();
  }
}

}  // namespace
}  // namespace arbstr::proxy
