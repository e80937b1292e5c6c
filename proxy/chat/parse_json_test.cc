#include "proxy/chat/parse_json.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

std::string Changed(const std::string& json) { return std::string(Representable(json).view()); }

TEST(ParseJsonTest, ANumberBeyondAllLimitsIsTheLargestOfTheSameLength) {
  EXPECT_EQ(Changed("[18446744073709551616]"), "[1e308               ]");
  EXPECT_EQ(Changed(R"({"a":-9223372036854775809,"b":2e308})"), R"({"a":-1e308              ,"b":1e308})");
  EXPECT_EQ(Changed("[1E+999,-1.0e400]"), "[1e308 ,-1e308  ]");
}

TEST(ParseJsonTest, HalfASurrogatePairIsTheReplacementCharacter) {
  EXPECT_EQ(Changed(R"("\ud83d")"), R"("\ufffd")");
  EXPECT_EQ(Changed(R"(["a\uDE00b","\ud83d\ud83d\ude00","\ud83dx\ude00"])"),
            R"(["a\ufffdb","\ufffd\ud83d\ude00","\ufffdx\ufffd"])");
  EXPECT_EQ(Changed(R"({"k\udfff":"\ud83d\u0041"})"), R"({"k\ufffd":"\ufffd\u0041"})");
}

TEST(ParseJsonTest, AllElseStaysAsItIs) {
  for (const char* json : {"",
                           "0",
                           "[1,-2.5,true,null]",
                           "18446744073709551615",
                           "-9223372036854775808",
                           "1.7e308",
                           "1e-999",
                           "0.1234567890123456789012345",
                           R"("12345678901234567890123")",
                           R"({"a\"123456789012345678901":"\\"})",
                           R"("unended 123456789012345678901)",
                           "\"\\",
                           "\"\\u",
                           "\"\\ud8",
                           R"("\\ud83d")",
                           R"("\ud83d\ude00")",
                           R"("é\u00e9\uD7FF\ue000")",
                           R"("\uzzzz")",
                           R"("\u-123")",
                           "[012345678901234567890123]",
                           "1.e500",
                           "1e",
                           "1e+",
                           "-",
                           "--123456789012345678901",
                           "1234567890123456.",
                           "1-23456789012345678901",
                           ".12345678901234567890e999",
                           R"(\ud83d)"}) {
    EXPECT_EQ(Changed(json), json);
  }
}

// simdjson reads behind the end.
dom::element Parsed(std::string json, dom::parser& parser) {
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  dom::element root;
  EXPECT_EQ(ParseJson(json, parser).get(root), simdjson::SUCCESS) << json;
  return root;
}

TEST(ParseJsonTest, WhatIsRefusedForItsHalvesOrItsSizeIsReadAllTheSame) {
  dom::parser parser;
  const dom::element root = Parsed(
      R"({"text":"a\ud83d","huge":1e999,"id":123456789012345678901,"cost":0.00001234567890123456})", parser);
  EXPECT_EQ(std::string_view(root["text"]), "a\uFFFD");
  EXPECT_EQ(double(root["cost"]), 0.00001234567890123456);
  EXPECT_EQ(double(root["huge"]), 1e308);
  int64_t integer = 0;
  EXPECT_NE(root["id"].get(integer), simdjson::SUCCESS);
}

TEST(ParseJsonTest, WhatIsNoJsonIsRefused) {
  dom::parser parser;
  for (std::string json : {"", "{", R"({"a":"\ud83d")", R"("\x")", R"(["\ud83d",01])", R"(["\ud83d" 1e999])",
                           "\"\xff\\ud83d\"", R"({"a":1e999,})"}) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    EXPECT_NE(ParseJson(json, parser).error(), simdjson::SUCCESS) << json;
  }
}

}  // namespace
}  // namespace arbstr::proxy
