#include "proxy/chat/chat_request.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

std::variant<ChatRequest, ApiError> Read(const std::string& text) {
  BodyBuffer body(text.size() + 1);
  body.Append(text);
  simdjson::dom::parser parser;
  return ReadChatRequest(body, parser);
}

ChatRequest Good(const std::string& text) {
  auto read = Read(text);
  if (const auto* error = std::get_if<ApiError>(&read)) {
    ADD_FAILURE() << text.substr(0, 200) << ": " << error->message;
    return {};
  }
  return std::get<ChatRequest>(std::move(read));
}

// The `param` of the error, "good" where there is none.
std::string Mistake(const std::string& text) {
  const auto read = Read(text);
  const auto* error = std::get_if<ApiError>(&read);
  if (error == nullptr) return "good";
  EXPECT_EQ(error->status, 400);
  EXPECT_EQ(error->code, "invalid_body");
  EXPECT_FALSE(error->message.empty());
  return error->param;
}

std::string WithMessages(const std::string& messages) {
  return R"({"model":"m","messages":)" + messages + "}";
}
std::string WithMembers(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + members + "}";
}

TEST(ChatRequestTest, WhatIsReadOfABody) {
  const ChatRequest request =
      Good(R"( {"stream":true,"messages":[{"role":"user","content":"h\u00e9 \ud83d\ude00"}],
    "model":"gpt-4o","stream_options":{"include_usage":false},"temperature":0.5,"stream2":[]} )");
  EXPECT_EQ(request.model, "gpt-4o");
  EXPECT_TRUE(request.stream);
  EXPECT_EQ(request.include_usage, false);
  EXPECT_EQ(request.last_user_text, "h\xc3\xa9 \xf0\x9f\x98\x80");
  const ChatRequest least = Good(WithMessages("[{}]"));
  EXPECT_FALSE(least.stream);
  EXPECT_EQ(least.include_usage, std::nullopt);
  EXPECT_EQ(least.last_user_text, "");
}

TEST(ChatRequestTest, WhatIsNotAJsonObjectIsInvalid) {
  for (const std::string& text : {std::string(""),
                                  std::string(" "),
                                  std::string("null"),
                                  std::string("[]"),
                                  std::string("\"x\""),
                                  std::string("5"),
                                  std::string("{"),
                                  std::string("{}}"),
                                  std::string("{} {}"),
                                  std::string("{\"a\":}"),
                                  std::string("{'a':1}"),
                                  std::string("{\"a\":1,}"),
                                  std::string("{\"a\" 1}"),
                                  std::string("\xef\xbb\xbf{}"),
                                  std::string("{}\0", 3),
                                  std::string("model=m&messages=x"),
                                  std::string("{\"a\":01}"),
                                  std::string("{\"a\":.5}"),
                                  std::string("{\"a\":NaN}"),
                                  std::string("{\"a\":tru}"),
                                  std::string("// c\n{}"),
                                  std::string("{\"a\":\"\n\"}"),
                                  std::string("{\"a\":\"\\x\"}"),
                                  std::string("{\"a\":\"\\u12\"}"),
                                  std::string("{\"a\":\"unended}")}) {
    EXPECT_EQ(Mistake(text), "") << testing::PrintToString(text);
  }
}

TEST(ChatRequestTest, EveryCutOfABodyIsInvalid) {
  const std::string whole = WithMembers(R"("stream":true,"n":12,"u":"\ud83d\ude00")");
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(Mistake(whole.substr(0, length)), "good") << length;
  EXPECT_EQ(Mistake(whole), "good");
}

TEST(ChatRequestTest, AModelIsANonEmptyString) {
  EXPECT_EQ(Mistake(R"({"messages":[{}]})"), "model");
  for (const char* model : {"\"\"", "null", "5", "[\"m\"]", "{}", "true"}) {
    EXPECT_EQ(Mistake(std::string(R"({"messages":[{}],"model":)") + model + "}"), "model") << model;
  }
  EXPECT_EQ(Good(R"({"messages":[{}],"model":" a\u0000b\n"})").model, std::string(" a\0b\n", 5));
}

TEST(ChatRequestTest, AModelHasAtMost512Bytes) {
  const auto with = [](const std::string& model) { return R"({"messages":[{}],"model":")" + model + "\"}"; };
  EXPECT_EQ(Good(with(std::string(512, 'm'))).model, std::string(512, 'm'));
  EXPECT_EQ(Mistake(with(std::string(513, 'm'))), "model");
  std::string escaped;
  for (int i = 0; i < 256; ++i) escaped += "\\u00e9";
  EXPECT_EQ(Good(with(escaped)).model.size(), 512u) << "as the row has it, not as it came";
  EXPECT_EQ(Mistake(with(escaped + "m")), "model");
}

TEST(ChatRequestTest, MessagesAreANonEmptyArray) {
  EXPECT_EQ(Mistake(R"({"model":"m"})"), "messages");
  for (const char* messages : {"[]", "null", "\"hi\"", "{}", "{\"0\":{}}", "5", "false"}) {
    EXPECT_EQ(Mistake(WithMessages(messages)), "messages") << messages;
  }
  // What is in them is the provider's to judge.
  for (const char* messages : {"[null]", "[5]", "[[]]", "[{}]", R"([{"role":5,"content":{}}])"}) {
    EXPECT_EQ(Mistake(WithMessages(messages)), "good") << messages;
  }
}

TEST(ChatRequestTest, StreamIsTrueOrFalse) {
  for (const char* stream : {"1", "0", "\"true\"", "[]", "{}"}) {
    EXPECT_EQ(Mistake(WithMembers(std::string("\"stream\":") + stream)), "stream") << stream;
  }
  EXPECT_TRUE(Good(WithMembers(R"("stream":true)")).stream);
  EXPECT_FALSE(Good(WithMembers(R"("stream":false)")).stream);
  EXPECT_FALSE(Good(WithMembers(R"("stream":null)")).stream);  // what SDKs send for "not given"
}

TEST(ChatRequestTest, StreamOptionsSayWhetherUsageIsWanted) {
  const auto wanted = [](const std::string& options) {
    return Good(WithMembers("\"stream_options\":" + options)).include_usage;
  };
  EXPECT_EQ(wanted(R"({"include_usage":true})"), true);
  EXPECT_EQ(wanted(R"({"include_usage":false})"), false);
  for (const char* options : {"{}", "null", "[]", "5", R"({"include_usage":null})",
                              R"({"include_usage":"yes"})", R"({"x":{"include_usage":true}})"}) {
    EXPECT_EQ(wanted(options), std::nullopt) << options;
  }
}

// Which of two counts differs from parser to parser: the provider's may not be ours.
TEST(ChatRequestTest, NoKeyThatIsReadIsGivenTwice) {
  const std::pair<const char*, const char*> twice[] = {
      {R"({"model":"a","messages":[{}],"model":"b"})", "model"},
      {R"({"model":"a","messages":[{}],"model":"a"})", "model"},
      {R"({"model":"a","messages":[{}],"mod\u0065l":"b"})", "model"},
      {R"({"\u006dodel":"a","messages":[{}],"\u006Dodel":"b"})", "model"},
      {R"({"model":"m","messages":[{}],"messages":[{}]})", "messages"},
      {R"({"model":"m","messages":[{}],"stream":true,"stream":true})", "stream"},
      {R"({"model":"m","messages":[{}],"stream":null,"stre\u0061m":true})", "stream"},
      {R"({"model":"m","messages":[{}],"stream_options":null,"stream_options":{}})", "stream_options"},
      {R"({"model":"m","messages":[{}],"stream_options":{"include_usage":true,"include_usag\u0065":false}})",
       "stream_options.include_usage"},
      {R"({"model":"m","messages":[{},{"role":"user","role":"system"}]})", "messages[1].role"},
      {R"({"model":"m","messages":[{"content":"a","role":"user","content":"b"}]})", "messages[0].content"},
      {R"({"model":"m","messages":[{"content":[{},{"type":"text","text":"a","t\u0065xt":"b"}]}]})",
       "messages[0].content[1].text"},
      {R"({"model":"m","messages":[{"content":[{"type":"image_url","type":"text","text":"b"}]}]})",
       "messages[0].content[0].type"},
  };
  for (const auto& [text, param] : twice) EXPECT_EQ(Mistake(text), param) << text;
  // Keys that are not read may be.
  EXPECT_EQ(Mistake(WithMembers(R"("x":1,"x":2,"metadata":{"model":1,"model":2})")), "good");
}

TEST(ChatRequestTest, TheLastUserMessageIsFound) {
  const auto text = [](const std::string& messages) { return Good(WithMessages(messages)).last_user_text; };
  EXPECT_EQ(
      text(
          R"([{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}])"),
      "b");
  EXPECT_EQ(text(R"([{"content":"a","role":"user"}])"), "a");
  EXPECT_EQ(text(R"([{"role":"us\u0065r","content":"a"}])"), "a");
  EXPECT_EQ(text(R"([{"role":"User","content":"a"}])"), "");
  EXPECT_EQ(text(R"([{"role":"system","content":"a"}])"), "");
  EXPECT_EQ(text(R"([{"role":"user","content":null}])"), "");
  EXPECT_EQ(text(R"([{"role":"user","content":"a"},{"role":"user"}])"), "");
}

TEST(ChatRequestTest, OfPartsTheFirstTextCounts) {
  const auto text = [](const std::string& parts) {
    return Good(WithMessages(R"([{"role":"user","content":)" + parts + "}]")).last_user_text;
  };
  EXPECT_EQ(
      text(
          R"([{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"a"},{"type":"text","text":"b"}])"),
      "a");
  EXPECT_EQ(text(R"([{"text":"a","type":"text"}])"), "a");
  EXPECT_EQ(
      text(
          R"([{"type":"input_audio","text":"no"},{"type":"text"},{"type":"text","text":5},{"type":"text","text":"c"}])"),
      "c");
  EXPECT_EQ(text(R"([{"text":"no type"}])"), "");
  EXPECT_EQ(text(R"([])"), "");
  EXPECT_EQ(text(R"([null,5,"x",[]])"), "");
}

TEST(ChatRequestTest, ABodyThatIsNotUtf8IsInvalid) {
  for (const char* bytes :
       {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_EQ(Mistake(WithMembers(std::string("\"x\":\"") + bytes + "\"")), "")
        << testing::PrintToString(bytes);
    EXPECT_EQ(Mistake(WithMembers(std::string("\"") + bytes + "\":1")), "") << testing::PrintToString(bytes);
  }
}

// As a client sends that cuts a text in the middle of a character, and as RFC 8259 §8.2 allows.
TEST(ChatRequestTest, HalfASurrogatePairIsNoMistake) {
  EXPECT_EQ(Mistake(WithMembers(R"("x":"\ud800","\udfff":1)")), "good");
  EXPECT_EQ(Mistake(R"({"model":"m\ud800","messages":[{"role":"user"}]})"), "model");
}

TEST(ChatRequestTest, ManyBracketsAreRefusedAndNotFollowed) {
  EXPECT_EQ(Mistake(std::string(100'000, '[')), "");
  EXPECT_EQ(Mistake(std::string(100'000, '[') + std::string(100'000, ']')), "");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Mistake(objects), "");
  EXPECT_EQ(Mistake(WithMembers("\"x\":" + std::string(100'000, '[') + std::string(100'000, ']'))), "");
  EXPECT_EQ(Mistake(WithMembers("\"x\":" + std::string(1'000, '[') + std::string(1'000, ']'))), "good");
}

TEST(ChatRequestTest, NumbersOfAnySizeAreNumbers) {
  for (const char* number : {"18446744073709551616", "-9223372036854775809", "123456789012345678901234567890",
                             "1e999", "-1E-999", "0.1234567890123456789012345678901234567890"}) {
    const ChatRequest request = Good(WithMembers(std::string("\"seed\":") + number + ",\"stream\":true"));
    EXPECT_EQ(request.model, "m") << number;
    EXPECT_EQ(request.last_user_text, "hi") << number;
    EXPECT_TRUE(request.stream) << number;
  }
  for (const char* number : {"012345678901234567890", "1e", "12345678901234567890.", "+12345678901234567890",
                             "0x1", "--12345678901234567890", "1e999e9"}) {
    EXPECT_EQ(Mistake(WithMembers(std::string("\"seed\":") + number)), "") << number;
  }
}

TEST(ChatRequestTest, HowManyChoicesAreAskedForIsRead) {
  const auto choices = [](const std::string& members) {
    BodyBuffer body(1000);
    body.Append(WithMembers(members));
    simdjson::dom::parser parser;
    const auto read = ReadChatRequest(body, parser);
    return std::holds_alternative<ChatRequest>(read) ? std::get<ChatRequest>(read).choices : 0;
  };
  EXPECT_EQ(choices(R"("n":3)"), 3u);
  for (const char* members : {R"("seed":1)", R"("n":null)", R"("n":"3")", R"("n":-1)", R"("n":1.5)"})
    EXPECT_EQ(choices(members), 1u) << members;
  EXPECT_EQ(choices(R"("n":1,"n":2)"), 0u) << "which of them?";
}

TEST(ChatRequestTest, AParserIsUsedAgainAfterAnything) {
  simdjson::dom::parser parser;
  const std::string good = WithMembers(R"("stream":true)");
  for (const std::string& text : {std::string("{"), good, std::string(3 << 20, '['), good,
                                  WithMembers("\"x\":\"" + std::string(3 << 20, 'x') + "\""), good}) {
    BodyBuffer body(text.size());
    body.Append(text);
    const auto read = ReadChatRequest(body, parser);
    EXPECT_EQ(std::holds_alternative<ChatRequest>(read), text.ends_with('}')) << text.substr(0, 50);
  }
  EXPECT_LT(parser.capacity(), size_t{2} << 20);  // the huge one's memory is given back
}

TokenEstimate Estimate(const std::string& text) {
  BodyBuffer body(text.size());
  body.Append(text);
  simdjson::dom::parser parser;
  return EstimateTokens(body, parser);
}

TEST(EstimateTokensTest, FourBytesOfTextAreAToken) {
  EXPECT_EQ(Estimate(WithMessages(R"([{"content":"12345678"}])")).input_tokens, 2);
  EXPECT_EQ(Estimate(WithMessages(
                         R"([{"content":"1234"},{"content":[{"type":"text","text":"567"},{"text":"89"}]}])"))
                .input_tokens,
            3);
  EXPECT_EQ(Estimate(WithMessages(R"([{"content":null},5,{}])")).input_tokens, 0);
}

TEST(EstimateTokensTest, TheAnswerIsAsLongAsTheRequestAllows) {
  EXPECT_EQ(Estimate(WithMembers(R"("max_tokens":7)")).output_tokens, 7);
  EXPECT_EQ(Estimate(WithMembers(R"("max_tokens":7,"max_completion_tokens":9)")).output_tokens, 9);
  for (const char* members :
       {R"("n":1)", R"("max_tokens":-1)", R"("max_tokens":"7")", R"("max_tokens":null)"}) {
    EXPECT_EQ(Estimate(WithMembers(members)).output_tokens, 500) << members;
  }
}

TEST(ChatRequestTest, APromptThatNobodyReadsIsNotKept) {
  BodyBuffer body(1 << 20);
  ASSERT_TRUE(body.Append(R"({"model":"m","messages":[{"role":"user","content":"hello"}]})"));
  body.Prepare(BodyBuffer::kPadding);
  simdjson::dom::parser parser;
  EXPECT_EQ(std::get<ChatRequest>(ReadChatRequest(body, parser, true)).last_user_text, "hello");
  EXPECT_EQ(std::get<ChatRequest>(ReadChatRequest(body, parser, false)).last_user_text, "");
}

}  // namespace
}  // namespace arbstr::proxy
