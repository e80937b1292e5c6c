#include "proxy/chat/completion.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

BodyBuffer Body(const std::string& text) {
  BodyBuffer body(text.size());
  body.Append(text);
  return body;
}

Completion Read(const std::string& text) {
  simdjson::dom::parser parser;
  return ReadCompletion(Body(text), parser);
}

std::optional<std::string> Message(const std::string& text) {
  simdjson::dom::parser parser;
  return OpenAiErrorMessage(Body(text), parser);
}

TEST(CompletionTest, UsageIsBothCounts) {
  const Completion openai =
      Read(R"({"choices":[{}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}})");
  ASSERT_TRUE(openai.usage);
  EXPECT_EQ(openai.usage->input_tokens, 12);
  EXPECT_EQ(openai.usage->output_tokens, 34);
  EXPECT_FALSE(openai.total_cost);
  const Completion newer = Read(R"({"usage":{"input_tokens":0,"output_tokens":5,"total_cost":0.25}})");
  ASSERT_TRUE(newer.usage);
  EXPECT_EQ(newer.usage->input_tokens, 0);
  EXPECT_EQ(newer.usage->output_tokens, 5);
  EXPECT_EQ(newer.total_cost, 0.25);
  EXPECT_EQ(Read(R"({"usage":{"total_cost":3}})").total_cost, 3.0);
  EXPECT_TRUE(Read(R"({"usage":{"prompt_tokens":1,"completion_tokens":9007199254740991}})").usage);
  const Completion floating = Read(R"({"usage":{"prompt_tokens":10.0,"completion_tokens":2e1}})");
  ASSERT_TRUE(floating.usage);
  EXPECT_EQ(floating.usage->input_tokens, 10);
  EXPECT_EQ(floating.usage->output_tokens, 20);
  EXPECT_FALSE(Read(R"({"usage":{"prompt_tokens":10.5,"completion_tokens":2}})").usage);
  EXPECT_FALSE(Read(R"({"usage":{"prompt_tokens":1e30,"completion_tokens":2}})").usage);
}

TEST(CompletionTest, NoUsageNoInventedNumber) {
  for (const char* text :
       {"", "{", "null", "[]", "5", "{}", R"({"usage":null})", R"({"usage":[]})", R"({"usage":{}})",
        R"({"usage":{"prompt_tokens":1}})", R"({"usage":{"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":-1,"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":"1","completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":1.5,"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":18446744073709551615,"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":9007199254740992,"completion_tokens":1}})",
        R"({"x":{"usage":{"prompt_tokens":1,"completion_tokens":1}}})",
        R"([{"usage":{"prompt_tokens":1,"completion_tokens":1}}])"}) {
    EXPECT_FALSE(Read(text).usage) << text;
  }
}

// RFC 8259 allows both, and another JSON library would have read them.
TEST(CompletionTest, HalfASurrogatePairAndAHugeNumberHideNothing) {
  const Completion completion = Read(
      R"({"id":123456789012345678901,"choices":[{"message":{"content":"\ud83d"}}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_cost":0.0001234567890123456}})");
  ASSERT_TRUE(completion.usage);
  EXPECT_EQ(completion.usage->output_tokens, 34);
  EXPECT_EQ(completion.total_cost, 0.0001234567890123456);
  EXPECT_TRUE(Read(R"({"error":{"message":"b\ud83dom"}})").is_error);
  EXPECT_EQ(Message(R"({"error":{"message":"b\ud83dom"}})"), "b\uFFFDom");
  const Completion huge = Read(R"({"usage":{"prompt_tokens":1,"completion_tokens":2,"total_cost":1e400}})");
  EXPECT_TRUE(huge.usage);
  EXPECT_FALSE(huge.total_cost);
}

TEST(CompletionTest, AnErrorWithoutChoicesIsAnErrorInDisguise) {
  EXPECT_TRUE(Read(R"({"error":{"message":"overloaded"}})").is_error);
  EXPECT_TRUE(Read(R"({"error":{}})").is_error);
  for (const char* text :
       {R"({"choices":[],"error":{"message":"x"}})", R"({"choices":null,"error":{}})", R"({"error":null})",
        R"({"error":"x"})", R"({"error":[]})", R"({"x":{"error":{}}})", "{}", "not json"}) {
    EXPECT_FALSE(Read(text).is_error) << text;
  }
}

TEST(OpenAiErrorMessageTest, ABodyThatTakesLongToSearchIsNoError) {
  const std::string head = R"({"error":{"message":")", tail = R"("}})";
  const size_t room = (1 << 18) - head.size() - tail.size();
  EXPECT_TRUE(Message(head + std::string(room, 'x') + tail));
  EXPECT_FALSE(Message(head + std::string(room + 1, 'x') + tail));
}

TEST(OpenAiErrorMessageTest, IsTheMessageOfAnErrorObject) {
  EXPECT_EQ(Message(R"({"error":{"message":"No \u00e9\n","type":"x"}})"), "No \xc3\xa9\n");
  EXPECT_EQ(Message(R"({"error":{"message":""}})"), "");
  EXPECT_EQ(
      Message(
          R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})"),
      "Overloaded");
  for (const char* text :
       {"", "{", "[]", "<html>", R"({"error":"x"})", R"({"error":{"message":null}})", R"({"error":{}})",
        R"({"message":"x"})", R"([{"error":{"message":"x"}}])", R"({"detail":{"error":{"message":"x"}}})"}) {
    EXPECT_EQ(Message(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace arbstr::proxy
