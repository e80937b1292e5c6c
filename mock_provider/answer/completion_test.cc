#include "mock_provider/answer/completion.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mock_provider {
namespace {

using nlohmann::json;

const ChatRequest kChat = {
    .is_json = true, .has_messages = true, .model = "m", .prompt = "a b c", .prompt_words = 3};

Completion Make(const Reply& reply, const ChatRequest& chat = kChat) {
  return MakeCompletion(reply, chat, {.text = "Hello from mock.", .id = "chatcmpl-1", .created = 100});
}

json Data(const std::string& frame) {
  EXPECT_TRUE(frame.starts_with("data: ") && frame.ends_with("\n\n")) << frame;
  return json::parse(frame.substr(6));
}

TEST(Completion, APlainOneHasOpenAisShapeAndRawUtf8) {
  const std::string body = CompletionJson(Make({.text = "Grüße"}));
  EXPECT_NE(body.find("Grüße"), std::string::npos);
  const json answer = json::parse(body);
  EXPECT_EQ(answer["object"], "chat.completion");
  EXPECT_EQ(answer["id"], "chatcmpl-1");
  EXPECT_EQ(answer["model"], "m");
  EXPECT_EQ(answer["choices"][0]["message"]["content"], "Grüße");
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(answer["usage"], json({{"prompt_tokens", 3}, {"completion_tokens", 1}, {"total_tokens", 4}}));
}

TEST(Completion, AReplysOwnFieldsWin) {
  const json answer =
      json::parse(CompletionJson(Make({.text = "x",
                                       .finish_reason = "length",
                                       .usage = {.prompt_tokens = 10, .more = {{"total_cost", "0.5"}}},
                                       .model = "other",
                                       .id = "mine"})));
  EXPECT_EQ(answer["model"], "other");
  EXPECT_EQ(answer["id"], "mine");
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(answer["usage"]["total_tokens"], 11);
  EXPECT_EQ(answer["usage"]["total_cost"], 0.5);
}

TEST(Completion, UsageNullLeavesItOut) {
  EXPECT_FALSE(json::parse(CompletionJson(Make({.omit_usage = true}))).contains("usage"));
}

TEST(Completion, ToolCallsTakeTheTextsPlace) {
  const json answer =
      json::parse(CompletionJson(Make({.tool_calls = {{.name = "f", .arguments = R"({"a":"ü"})"}}})));
  EXPECT_TRUE(answer["choices"][0]["message"]["content"].is_null());
  EXPECT_EQ(answer["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], R"({"a":"ü"})");
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "tool_calls");
}

TEST(Completion, AStreamIsRoleWordsFinishAndDone) {
  const auto frames = CompletionFrames(Make({.text = "Grüße und Füße"}));
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(Data(frames[0])["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(Data(frames[1])["choices"][0]["delta"]["content"], "Grüße");
  EXPECT_EQ(Data(frames[3])["choices"][0]["delta"]["content"], " Füße");
  EXPECT_EQ(Data(frames[4])["choices"][0]["finish_reason"], "stop");
  EXPECT_FALSE(Data(frames[4]).contains("usage"));
  EXPECT_EQ(frames[5], "data: [DONE]\n\n");
}

TEST(Completion, TheUsageChunkComesOnlyWhereTheClientAskedForIt) {
  ChatRequest asking = kChat;
  asking.include_usage = true;
  const auto frames = CompletionFrames(Make({.text = "one two"}, asking));
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_TRUE(Data(frames[1])["usage"].is_null());
  EXPECT_TRUE(Data(frames[4])["choices"].empty());
  EXPECT_EQ(Data(frames[4])["usage"]["completion_tokens"], 2);
  EXPECT_EQ(CompletionFrames(Make({.text = "one two", .omit_usage = true}, asking)).size(), 5u);
}

TEST(Completion, ThereAreAsManyChoicesAsAskedForAndAllOfThemCount) {
  ChatRequest asking = kChat;
  asking.choices = 3;
  asking.include_usage = true;
  const Completion completion = Make({.text = "one two"}, asking);
  const json answer = json::parse(CompletionJson(completion));
  ASSERT_EQ(answer["choices"].size(), 3u);
  EXPECT_EQ(answer["choices"][2]["index"], 2);
  EXPECT_EQ(answer["choices"][2]["message"]["content"], "one two");
  EXPECT_EQ(answer["usage"]["completion_tokens"], 6);
  const auto frames = CompletionFrames(completion);
  ASSERT_EQ(frames.size(), 6u) << "as many as one choice has";
  for (std::size_t i = 0; i < 4; ++i) {
    const json choices = Data(frames[i])["choices"];
    ASSERT_EQ(choices.size(), 3u);
    EXPECT_EQ(choices[1]["index"], 1);
    EXPECT_EQ(choices[1]["delta"], choices[0]["delta"]);
    EXPECT_EQ(choices[1]["finish_reason"], choices[0]["finish_reason"]);
  }
  EXPECT_EQ(Data(frames[4])["usage"]["completion_tokens"], 6);
}

TEST(Completion, AToolCallWithoutAnIdGetsOneOfItsAnswer) {
  const Completion completion =
      Make({.tool_calls = {{.id = "", .name = "f"}, {.id = "mine", .name = "g"}, {.id = "", .name = "h"}}});
  EXPECT_EQ(completion.tool_calls[0].id, "call_1_0");
  EXPECT_EQ(completion.tool_calls[1].id, "mine");
  EXPECT_EQ(completion.tool_calls[2].id, "call_1_2");
}

TEST(Completion, StreamedToolCallsAddUpToTheirArguments) {
  const std::string arguments = R"({"city":"Zürich, Grüße, Füße","days":[1,2,3,4,5,6,7,8]})";
  const auto frames =
      CompletionFrames(Make({.tool_calls = {{.id = "c1", .name = "f", .arguments = arguments}}}));
  std::string sum, name;
  for (std::size_t i = 1; i + 2 < frames.size(); ++i) {
    const json call = Data(frames[i])["choices"][0]["delta"]["tool_calls"][0];
    EXPECT_EQ(call["index"], 0);
    if (call["function"].contains("name")) name = call["function"]["name"];
    sum += call["function"]["arguments"].get<std::string>();
  }
  EXPECT_EQ(name, "f");
  EXPECT_EQ(sum, arguments);
  EXPECT_EQ(Data(frames[frames.size() - 2])["choices"][0]["finish_reason"], "tool_calls");
}

}  // namespace
}  // namespace mock_provider
