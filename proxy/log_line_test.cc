#include "proxy/log_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace arbstr::proxy
