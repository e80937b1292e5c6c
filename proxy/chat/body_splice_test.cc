#include "proxy/chat/body_splice.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

std::string Spliced(const std::string& text, const BodyChanges& changes) {
  BodyBuffer body(text.size());
  body.Append(text);
  std::string replacements = "left from the attempt before";
  std::string result;
  for (const std::string_view piece : SpliceBody(body, changes, replacements)) result += piece;
  return result;
}

std::string Renamed(const std::string& text, const std::string& model) {
  return Spliced(text, {&model, false});
}
std::string WithUsage(const std::string& text) { return Spliced(text, {nullptr, true}); }

TEST(BodySpliceTest, WithoutChangesTheBodyIsItself) {
  const std::string text = " { \"model\" : \"m\" }\n";
  EXPECT_EQ(Spliced(text, {}), text);
}

TEST(BodySpliceTest, OnlyTheModelsValueIsReplaced) {
  EXPECT_EQ(Renamed(R"({"model":"m","messages":[]})", "a/b"), R"({"model":"a/b","messages":[]})");
  EXPECT_EQ(Renamed("{\n\t\"messages\" : [ ] , \"model\" :  \"m\" \n}\n", "x"),
            "{\n\t\"messages\" : [ ] , \"model\" :  \"x\" \n}\n");
  EXPECT_EQ(Renamed(R"({"mod\u0065l":"m"})", "x"), R"({"mod\u0065l":"x"})");
  EXPECT_EQ(Renamed(R"({"model":"a\"}\\"})", "x"), R"({"model":"x"})");
}

TEST(BodySpliceTest, HalfASurrogatePairHidesNoMember) {
  EXPECT_EQ(Renamed(R"({"\ud83d":1e400,"model":"m","x":"\ude00"})", "x"),
            R"({"\ud83d":1e400,"model":"x","x":"\ude00"})");
  EXPECT_EQ(WithUsage(R"({"\ud83d":1,"stream_options":{}})"),
            R"({"\ud83d":1,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(WithUsage(R"({"stream_options":{"\ud83d":1}})"),
            R"({"stream_options":{"include_usage":true,"\ud83d":1}})");
  EXPECT_EQ(WithUsage(R"({"stream_options":{"\ud83d":1,"include_usage":null}})"),
            R"({"stream_options":{"\ud83d":1,"include_usage":true}})");
}

TEST(BodySpliceTest, AKeyMayBeAllEscapes) {
  std::string escaped;
  for (const char c : std::string("stream_options")) escaped += fmt::format("\\u{:04x}", static_cast<int>(c));
  EXPECT_EQ(WithUsage("{\"" + escaped + "\":null}"), "{\"" + escaped + R"(":{"include_usage":true}})");
  for (const std::string& key : {escaped + "x", "x" + escaped, std::string(500, 'x'), std::string(84, '\\'),
                                 std::string(83, 'x') + R"(\")", std::string("\\\"model")}) {
    const std::string text = "{\"" + key + R"(":null,"model":"m"})";
    EXPECT_EQ(WithUsage(text), R"({"stream_options":{"include_usage":true},)" + text.substr(1)) << key;
    EXPECT_EQ(Renamed(text, "x"), "{\"" + key + R"(":null,"model":"x"})") << key;
  }
}

TEST(BodySpliceTest, OtherModelsAreNotTouched) {
  EXPECT_EQ(Renamed(R"({"a":{"model":"m"},"b":"\"model\":\"m\"","model":"m","c":[{"model":"m"}]})", "x"),
            R"({"a":{"model":"m"},"b":"\"model\":\"m\"","model":"x","c":[{"model":"m"}]})");
}

TEST(BodySpliceTest, ANameIsEscapedAsJsonNeedsIt) {
  EXPECT_EQ(Renamed(R"({"model":"m"})", "a\"\\\n\xc3\xa9"), "{\"model\":\"a\\\"\\\\\\n\xc3\xa9\"}");
  EXPECT_EQ(Renamed(R"({"model":"m"})", "\xff"), "{\"model\":\"\xef\xbf\xbd\"}");
}

TEST(BodySpliceTest, StreamOptionsAreAddedAtTheFront) {
  EXPECT_EQ(WithUsage(R"({"model":"m"})"), R"({"stream_options":{"include_usage":true},"model":"m"})");
  EXPECT_EQ(WithUsage(" \n{ \"model\":\"m\"}"),
            " \n{\"stream_options\":{\"include_usage\":true}, \"model\":\"m\"}");
  EXPECT_EQ(WithUsage(R"({"x":{"stream_options":{}}})"),
            R"({"stream_options":{"include_usage":true},"x":{"stream_options":{}}})");
}

TEST(BodySpliceTest, UsageIsAddedToTheOptionsThatAreThere) {
  EXPECT_EQ(WithUsage(R"({"stream_options":{"a":1},"model":"m"})"),
            R"({"stream_options":{"include_usage":true,"a":1},"model":"m"})");
  EXPECT_EQ(WithUsage(R"({"stream_options":{ },"b":2})"),
            R"({"stream_options":{"include_usage":true },"b":2})");
  EXPECT_EQ(WithUsage(R"({"stream_options": null ,"b":2})"),
            R"({"stream_options": {"include_usage":true} ,"b":2})");
  EXPECT_EQ(WithUsage(R"({"stream_options":{"a":{"include_usage":1}}})"),
            R"({"stream_options":{"include_usage":true,"a":{"include_usage":1}}})");
}

TEST(BodySpliceTest, ANullIsReplacedAndNotGivenTwice) {
  EXPECT_EQ(WithUsage(R"({"stream_options":{"a":1,"include_usage" : null},"b":2})"),
            R"({"stream_options":{"a":1,"include_usage" : true},"b":2})");
  EXPECT_EQ(WithUsage(R"({"stream_options":{"includ\u0065_usage":null}})"),
            R"({"stream_options":{"includ\u0065_usage":true}})");
}

TEST(BodySpliceTest, WhatTheClientSetItselfStays) {
  for (const char* text :
       {R"({"stream_options":5})", R"({"stream_options":"x"})", R"({"stream_options":[]})",
        R"({"stream_options":{"include_usage":"yes"}})", R"({"stream_options":{"include_usage":0}})",
        R"({"stream_options":{"include_usage":false}})"}) {
    EXPECT_EQ(WithUsage(text), text);
  }
}

TEST(BodySpliceTest, BothChangesAreMadeInEitherOrder) {
  const std::string model = "x";
  EXPECT_EQ(Spliced(R"({"model":"m","stream_options":{}})", {&model, true}),
            R"({"model":"x","stream_options":{"include_usage":true}})");
  EXPECT_EQ(Spliced(R"({"stream_options":{},"model":"m"})", {&model, true}),
            R"({"stream_options":{"include_usage":true},"model":"x"})");
  EXPECT_EQ(Spliced(R"({"model":"m"})", {&model, true}),
            R"({"stream_options":{"include_usage":true},"model":"x"})");
}

TEST(BodySpliceTest, NumbersOfAnySizeStayAsTheyAre) {
  EXPECT_EQ(Renamed(R"({"seed":123456789012345678901234567890,"x":1e999,"model":"m"})", "y"),
            R"({"seed":123456789012345678901234567890,"x":1e999,"model":"y"})");
}

}  // namespace
}  // namespace arbstr::proxy
