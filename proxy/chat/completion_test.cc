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
}

TEST(CompletionTest, NoUsageNoInventedNumber) {
  for (const char* text :
       {"", "{", "null", "[]", "5", "{}", R"({"usage":null})", R"({"usage":[]})", R"({"usage":{}})",
        R"({"usage":{"prompt_tokens":1}})", R"({"usage":{"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":-1,"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":"1","completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":1.5,"completion_tokens":1}})",
        R"({"usage":{"prompt_tokens":18446744073709551615,"completion_tokens":1}})",
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

TEST(ExcerptTest, IsTheFirst200PrintableBytes) {
  EXPECT_EQ(Excerpt("<html>\r\n\t<h1>502\x7f\x01</h1>"), "<html><h1>502</h1>");
  EXPECT_EQ(Excerpt(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(Excerpt(std::string(201, 'x')), std::string(200, 'x'));
  EXPECT_EQ(Excerpt(std::string(300, '\n') + "x"), "x");
  EXPECT_EQ(Excerpt(""), "");
}

TEST(ExcerptTest, NoCharacterIsCutInTwo) {
  EXPECT_EQ(Excerpt(std::string(198, 'x') + "\xc3\xa9\xc3\xa9"), std::string(198, 'x') + "\xc3\xa9");
  EXPECT_EQ(Excerpt(std::string(199, 'x') + "\xc3\xa9\xc3\xa9"), std::string(199, 'x'));
  for (size_t before = 190; before < 200; ++before) {
    const std::string excerpt =
        Excerpt(std::string(before, 'x') + "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    EXPECT_EQ((excerpt.size() - before) % 4, 0u) << before;
    EXPECT_GT(excerpt.size() + 4, 200u) << before;
  }
  EXPECT_LE(Excerpt(std::string(300, '\x80')).size(), 200u);
}

TEST(MaskSecretTest, EveryOccurrenceIsMasked) {
  const std::string key = "sk-0123456789abcdef";
  EXPECT_EQ(MaskSecret("a " + key + " b " + key + key, key), "a sk-01… b sk-01…sk-01…");
  EXPECT_EQ(MaskSecret("sk-sk-0123456789abcdef", key), "sk-sk-01…");
  EXPECT_EQ(MaskSecret("sk-0123456789abcde", key), "sk-0123456789abcde");
  EXPECT_EQ(MaskSecret("nothing", key), "nothing");
  EXPECT_EQ(MaskSecret("", key), "");
  EXPECT_EQ(MaskSecret("anything", ""), "anything");
}

TEST(MaskSecretTest, AKeyIsFoundThroughJsonsEscapes) {
  const std::string key = "ab/cd\"ef\\gh+ijklmn";
  EXPECT_EQ(MaskSecret(R"({"k":"ab\/cd\"ef\\gh+ijklmn"})", key), R"({"k":"ab/cd…"})");
  EXPECT_EQ(MaskSecret(R"({"k":"\u0061b\u002Fcd\u0022ef\u005cgh\u002bijklm\u006e"})", key),
            R"({"k":"ab/cd…"})");
  EXPECT_EQ(MaskSecret(key, key), "ab/cd…");
  for (const char* text : {R"(\u0061b\u002Fcd)", R"(\\u0061b/cd)", R"(\u00e1)", R"(\u00)", R"(ab\)", "\\"}) {
    EXPECT_EQ(MaskSecret(text, key), text);
  }
}

TEST(MaskSecretTest, AKeyThatLooksEscapedIsFoundAsItIs) {
  for (const std::string key : {R"(\\host\user)", R"(a\"b\/c)", R"(pass\u0041word)"}) {
    EXPECT_EQ(MaskSecret("key=" + key + ";", key), "key=" + MaskSecret(key, key) + ";") << key;
    EXPECT_EQ(MaskSecret(key, key).find(key.substr(key.size() / 2)), std::string::npos) << key;
  }
}

TEST(MaskedExcerptTest, NoPartOfAKeyIsLeftAtTheEnd) {
  const std::string key = "sk-" + std::string(40, 'K');
  for (size_t before = 0; before < 300; ++before) {
    for (const size_t behind : {size_t{0}, size_t{1}, size_t{500}}) {
      const std::string text = std::string(before, 'x') + key + std::string(behind, 'y');
      const std::string excerpt = MaskedExcerpt(text, {key});
      EXPECT_LE(excerpt.size(), 200u);
      EXPECT_EQ(excerpt.find("KKK"), std::string::npos) << before << " " << behind;
      if (before < 190) {
        EXPECT_NE(excerpt.find(std::string(before, 'x') + "sk-KK…"), std::string::npos) << before;
      }
    }
  }
  std::string keys;
  while (keys.size() < 5000) keys += key + "\n";
  EXPECT_EQ(MaskedExcerpt(keys, {key}).find("KKK"), std::string::npos);
}

TEST(MaskedExcerptTest, EverySecretOfAProviderIsMasked) {
  const std::vector<std::string> secrets = {"Bearer first-secret", "second-secret", "first-secret"};
  EXPECT_EQ(MaskedExcerpt("Bearer first-secret, first-secret, second-secret", secrets),
            "Beare…, firs…, seco…");
}

TEST(MaskedExcerptTest, ControlCharactersDoNotHideAKey) {
  EXPECT_EQ(MaskedExcerpt("Bad key sk-0123\n456789abcdef!", {"sk-0123456789abcdef"}), "Bad key sk-01…!");
  EXPECT_EQ(MaskedExcerpt(std::string(300, 'x'), {}), std::string(200, 'x'));
  EXPECT_EQ(MaskedExcerpt(std::string(1000, 'x'), {"sk-0123456789abcdef"}).size(), 200u);
}

}  // namespace
}  // namespace arbstr::proxy
