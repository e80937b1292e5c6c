#include "proxy/chat/stream_inspector.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

using Action = StreamInspector::Action;

class StreamInspectorTest : public testing::Test {
 protected:
  Action Data(const std::string& json) { return inspector_.Inspect("data: " + json + "\n\n"); }
  static std::string Choice(int index, const std::string& finish) {
    return R"({"choices":[{"index":)" + std::to_string(index) +
           R"(,"delta":{"content":"x"},"finish_reason":)" + finish + "}]}";
  }

  simdjson::dom::parser parser_;
  StreamInspector inspector_{/*forward_usage=*/false, {}, parser_};
};

TEST_F(StreamInspectorTest, ChunksArePassedOn) {
  EXPECT_FALSE(inspector_.any_event());
  EXPECT_EQ(Data(Choice(0, "null")), Action::kForward);
  EXPECT_TRUE(inspector_.any_event());
  EXPECT_FALSE(inspector_.finished());
  EXPECT_EQ(Data(Choice(0, "\"stop\"")), Action::kForward);
  EXPECT_TRUE(inspector_.finished());
  EXPECT_EQ(Data("[DONE]"), Action::kDone);
}

TEST_F(StreamInspectorTest, CommentsAreNoEvents) {
  EXPECT_EQ(inspector_.Inspect(": OPENROUTER PROCESSING\n\n"), Action::kForward);
  EXPECT_EQ(inspector_.Inspect("\n"), Action::kForward);
  EXPECT_EQ(inspector_.Inspect("id: 5\n\n"), Action::kForward);
  EXPECT_FALSE(inspector_.any_event());
}

TEST_F(StreamInspectorTest, TheUsageOnlyChunkIsReadAndWithheld) {
  EXPECT_EQ(Data(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_cost":0.5}})"),
            Action::kWithhold);
  ASSERT_TRUE(inspector_.usage());
  EXPECT_EQ(inspector_.usage()->input_tokens, 3);
  EXPECT_EQ(inspector_.usage()->output_tokens, 4);
  EXPECT_EQ(inspector_.total_cost(), 0.5);
}

TEST_F(StreamInspectorTest, OnlyTheUsageOnlyChunkIsWithheld) {
  for (const char* json :
       {R"({"choices":[],"usage":null})", R"({"choices":[]})",
        R"({"usage":{"prompt_tokens":1,"completion_tokens":1}})", R"({"choices":null,"usage":{}})",
        R"({"choices":[{"index":0}],"usage":{"prompt_tokens":1,"completion_tokens":1}})",
        R"({"choices":[],"usage":[]})"}) {
    EXPECT_EQ(Data(json), Action::kForward) << json;
  }
}

TEST_F(StreamInspectorTest, AClientThatAskedForUsageGetsIt) {
  StreamInspector asked(/*forward_usage=*/true, {}, parser_);
  EXPECT_EQ(
      asked.Inspect("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n"),
      Action::kForward);
  EXPECT_TRUE(asked.usage());
}

TEST_F(StreamInspectorTest, TheLastUsageCounts) {
  Data(R"({"choices":[{"index":0}],"usage":{"prompt_tokens":3,"completion_tokens":1}})");
  Data(R"({"choices":[{"index":0}],"usage":{"prompt_tokens":3,"completion_tokens":9}})");
  Data(R"({"choices":[{"index":0}],"usage":null})");
  EXPECT_EQ(inspector_.usage()->output_tokens, 9);
}

TEST_F(StreamInspectorTest, AStreamHasFinishedWhenEachChoiceHas) {
  Data(Choice(0, "null"));
  Data(Choice(1, "null"));
  Data(Choice(0, "\"stop\""));
  EXPECT_FALSE(inspector_.finished());
  Data(Choice(1, "\"length\""));
  EXPECT_TRUE(inspector_.finished());
}

TEST_F(StreamInspectorTest, AReasonThatMoreComesBehindSaysNothingOfTheEnd) {
  Data(Choice(0, "\"stop\""));
  EXPECT_TRUE(inspector_.finished());
  Data(R"({"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]})");
  EXPECT_TRUE(inspector_.finished_all()) << "nothing has come";
  Data(Choice(0, "\"stop\""));
  EXPECT_FALSE(inspector_.finished());
  EXPECT_FALSE(inspector_.finished_all());
  EXPECT_TRUE(inspector_.whole_at_end());
  Data(Choice(0, "\"stop\""));
  EXPECT_FALSE(inspector_.finished()) << "from then on";
}

TEST_F(StreamInspectorTest, AMissingChoiceIsNoneOnlyWhereTheProviderEndsItsMessage) {
  for (const bool until_close : {false, true}) {
    StreamInspector two(false, {.choices = 2, .until_close = until_close}, parser_);
    const auto inspect = [&](const std::string& json) { two.Inspect("data: " + json + "\n\n"); };
    EXPECT_FALSE(two.whole_at_end());
    inspect(Choice(0, "\"stop\""));
    EXPECT_TRUE(two.finished());
    EXPECT_FALSE(two.finished_all());
    EXPECT_EQ(two.whole_at_end(), !until_close);
    inspect(Choice(1, "null"));
    EXPECT_FALSE(two.whole_at_end());
    inspect(Choice(1, "\"stop\""));
    EXPECT_TRUE(two.finished_all());
    EXPECT_TRUE(two.whole_at_end());
  }
}

TEST_F(StreamInspectorTest, AnEmptyFinishReasonFinishesNothing) {
  EXPECT_EQ(Data(Choice(0, "\"\"")), Action::kForward);
  EXPECT_FALSE(inspector_.finished());
}

TEST_F(StreamInspectorTest, TheFirstThatCarriesSomethingIsSeen) {
  for (const char* delta :
       {R"("content":"a")", R"("content":[{"type":"text","text":"a"}])", R"("refusal":"no")",
        R"("reasoning":"hm")", R"("reasoning_content":"hm")", R"("audio":{"id":"x"})",
        R"("tool_calls":[{"index":0}])", R"("function_call":{"name":"f"})",
        R"("role":"assistant","content":"","reasoning":"hm")"}) {
    StreamInspector inspector(false, {}, parser_);
    inspector.Inspect(std::string(R"(data: {"choices":[{"index":0,"delta":{)") + delta + "}}]}\n\n");
    EXPECT_TRUE(inspector.any_token()) << delta;
  }
  Data(R"({"choices":[{"index":0,"delta":{"role":"assistant"}},{"index":1,"delta":{"content":"b"}}]})");
  EXPECT_TRUE(inspector_.any_token()) << "any choice";
  Data(R"({"choices":[{"index":0,"delta":{}}]})");
  EXPECT_TRUE(inspector_.any_token()) << "it stays seen";
}

TEST_F(StreamInspectorTest, WhatCarriesNothingIsNoToken) {
  for (const char* choice :
       {R"({"delta":{"role":"assistant"}})", R"({"delta":{"role":"assistant","content":""}})",
        R"({"delta":{"content":null,"refusal":null,"tool_calls":null}})", R"({"delta":{"tool_calls":[]}})",
        R"({"delta":{"audio":{}}})", R"({"delta":{"content":5,"reasoning":true}})", R"({"delta":{}})",
        R"({"delta":null})", R"({"delta":"content"})", R"({"delta":["content"]})", R"({"content":"a"})",
        R"({"delta":{"x":{"content":"a"}}})", R"({"delta":{},"finish_reason":"stop"})", "null", "{}"}) {
    Data(std::string(R"({"choices":[)") + choice + "]}");
    EXPECT_FALSE(inspector_.any_token()) << choice;
  }
  Data(R"({"content":"a","delta":{"content":"a"}})");
  Data(R"({"choices":{"delta":{"content":"a"}}})");
  Data(R"("content")");
  inspector_.Inspect(": content\n\n");
  EXPECT_FALSE(inspector_.any_token());
}

TEST_F(StreamInspectorTest, AnEventWithDataThatIsNoObjectIsMalformed) {
  for (const char* data : {"{", "null", "5", "[1]", "\"a\"", "[DONE]x", "{\"a\":\xff}", "<html>"}) {
    Data(data);
    EXPECT_TRUE(inspector_.last_was_malformed()) << data;
  }
  for (const char* block :
       {"data:\n\n", ": comment\n\n", "id: 5\n\n", "\n", "data: {}\n\n", "data: [DONE]\n\n"}) {
    inspector_.Inspect(block);
    EXPECT_FALSE(inspector_.last_was_malformed()) << block;
  }
}

// As a provider sends that cuts its text in the middle of a character.
TEST_F(StreamInspectorTest, HalfASurrogatePairAndAHugeNumberAreReadLikeAnyOther) {
  EXPECT_EQ(Data(R"({"choices":[{"index":0,"delta":{"content":"\ud83d"}}],"x":1e400})"), Action::kForward);
  EXPECT_TRUE(inspector_.any_token());
  EXPECT_FALSE(inspector_.last_was_malformed());
  Data(R"({"choices":[{"index":0,"delta":{"content":"\ude00"},"finish_reason":"stop"}]})");
  EXPECT_TRUE(inspector_.finished());
  EXPECT_EQ(Data(R"({"choices":[],"x":123456789012345678901234567890,)"
                 R"("usage":{"prompt_tokens":3,"completion_tokens":4}})"),
            Action::kWithhold);
  EXPECT_TRUE(inspector_.usage());
}

TEST_F(StreamInspectorTest, HostileChoicesAreHarmless) {
  for (const char* json : {R"({"choices":[{"index":-1}]})", R"({"choices":[{"index":18446744073709551615}]})",
                           R"({"choices":[{"index":128}]})", R"({"choices":[null,5,"x",[],{}]})",
                           R"({"choices":{}})", R"({"choices":[{"index":"0","finish_reason":5}]})"}) {
    EXPECT_EQ(Data(json), Action::kForward) << json;
  }
  EXPECT_FALSE(inspector_.finished());
}

TEST_F(StreamInspectorTest, AnErrorObjectEndsAStream) {
  EXPECT_EQ(Data(R"({"error":{"message":"Overloaded","code":529}})"), Action::kError);
  EXPECT_EQ(inspector_.error_message(), "Overloaded");
  EXPECT_EQ(Data(R"({"error":"plain"})"), Action::kError);
  EXPECT_EQ(inspector_.error_message(), "plain");
  EXPECT_EQ(Data(R"({"choices":[{"index":0,"finish_reason":"error"}],"error":{"code":502}})"),
            Action::kError);
  EXPECT_FALSE(inspector_.error_message().empty());
}

TEST_F(StreamInspectorTest, AnErrorWithoutAMemberOfItsOwnEndsAStream) {
  EXPECT_EQ(Data(R"({"type":"error","code":"server_error","message":"it broke"})"), Action::kError);
  EXPECT_EQ(inspector_.error_message(), "it broke");
  EXPECT_EQ(Data(R"({"object":"error","message":"no memory","code":40303})"), Action::kError);
  EXPECT_EQ(inspector_.error_message(), "no memory");
  EXPECT_EQ(Data(R"({"type":"error"})"), Action::kError);
  EXPECT_FALSE(inspector_.error_message().empty());
}

TEST_F(StreamInspectorTest, AnErrorThatIsNoneDoesNot) {
  for (const char* json : {R"({"type":"error","choices":[]})", R"({"object":"chat.completion.chunk"})",
                           R"({"error":null,"choices":[]})", R"({"error":false})", R"({"x":{"error":{}}})"}) {
    EXPECT_EQ(Data(json), Action::kForward) << json;
  }
}

TEST_F(StreamInspectorTest, AnErrorWithNothingInItIsNoneBesideAnAnswer) {
  for (const std::string error : {R"("")", "{}", "[]", "0", "0.0", "null", "false"}) {
    EXPECT_EQ(Data(R"({"choices":[{"index":0,"delta":{"content":"a"}}],"error":)" + error + "}"),
              Action::kForward)
        << error;
  }
  for (const std::string error : {R"("")", "{}", "0"}) {
    EXPECT_EQ(Data(R"({"choices":[],"error":)" + error + "}"), Action::kError) << error;
    EXPECT_EQ(Data(R"({"error":)" + error + "}"), Action::kError) << error;
  }
  for (const std::string error : {R"("busy")", R"({"code":1})", "7"}) {
    EXPECT_EQ(Data(R"({"choices":[{"index":0}],"error":)" + error + "}"), Action::kError) << error;
  }
}

TEST_F(StreamInspectorTest, AnEventNamedErrorIsOneWhateverItsData) {
  EXPECT_EQ(inspector_.Inspect("event: error\ndata: it broke\n\n"), Action::kError);
  EXPECT_EQ(inspector_.error_message(), "it broke");
  EXPECT_EQ(inspector_.Inspect("event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"m\"}}\n\n"),
            Action::kError);
  EXPECT_EQ(inspector_.error_message(), "m");
}

TEST_F(StreamInspectorTest, AStrayEventDoesNotEndAGoodStream) {
  for (const char* data : {"", "{", "null", "5", "[1]", "\"error\"", "[DONE]x", "{\"a\":\xff}", " [DONE]"}) {
    EXPECT_EQ(Data(data), Action::kForward) << data;
  }
  EXPECT_EQ(Data(std::string(100'000, '[')), Action::kForward);
  EXPECT_EQ(Data(Choice(0, "\"stop\"")), Action::kForward);
  EXPECT_EQ(inspector_.Inspect("data:[DONE]\r\n\r\n"), Action::kDone);
}

TEST_F(StreamInspectorTest, OneEventMayBeManyDataLines) {
  EXPECT_EQ(inspector_.Inspect("data: {\"choices\":[{\"index\":0,\ndata: \"finish_reason\":\"stop\"}]}\n\n"),
            Action::kForward);
  EXPECT_TRUE(inspector_.finished());
}

}  // namespace
}  // namespace arbstr::proxy
