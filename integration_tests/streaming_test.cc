// Streams: passed on as they come, failed fast, ended honestly.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

// The blocks of an event stream, each without its empty line.
std::vector<std::string> Blocks(const std::string& body) {
  std::vector<std::string> blocks;
  for (std::size_t at = 0, end = 0; (end = body.find("\n\n", at)) != std::string::npos; at = end + 2) {
    blocks.push_back(body.substr(at, end - at));
  }
  return blocks;
}

bool IsComment(const std::string& block) { return block.rfind(": arbstr ", 0) == 0; }

class StreamingTest : public GatewayTest {
 protected:
  // A provider whose streams are these bytes.
  void StartWithEvents(const std::string& events) {
    const Json reply = {{"body", events}, {"headers", {{"content-type", "text/event-stream"}}}};
    Start(Json{{"rules", {{{"script", {{{"reply", reply}}}}}}}}.dump());
  }

  // The stream breaks after its head: one error event, no [DONE], no end of the message.
  void ExpectBroken(const Response& response, const std::string& code) {
    EXPECT_EQ(response.status, 200);
    EXPECT_FALSE(response.complete) << "a truncated answer must not end cleanly";
    EXPECT_EQ(response.body.find("[DONE]"), std::string::npos);
    const auto blocks = Blocks(response.body);
    ASSERT_FALSE(blocks.empty());
    const Json error = Json::parse(blocks.back().substr(6), nullptr, false);
    ASSERT_TRUE(error.contains("error")) << blocks.back();
    EXPECT_EQ(error["error"]["code"], code);
    EXPECT_EQ(error["error"]["type"], "arbstr_error");
  }
};

TEST_F(StreamingTest, AnEventThatIsTooLargeIsSaidToBe) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "17 MiB take longer under it than a client of these tests waits";
#endif
  StartWithEvents("data: {\"x\":\"" + std::string(17 << 20, 'x'));
  const Response response = Stream();
  ExpectBroken(response, "stream_interrupted");
  EXPECT_NE(response.body.find("an event of it is larger than 16777216 bytes"), std::string::npos)
      << response.body.substr(0, 1000);
}

TEST_F(StreamingTest, IsPassedOnAndEndsWithOurCommentAndDone) {
  Start(
      R"({"rules":[{"script":[{"reply":{"text":"Hello from afar","usage":{"prompt_tokens":1000,"completion_tokens":500}}}]}]})");
  const Response response = Stream();
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(response.Header("x-arbstr-streaming"), "true");
  EXPECT_EQ(response.Header("x-arbstr-provider"), "mock");
  EXPECT_FALSE(response.Has("x-arbstr-latency-ms"));
  EXPECT_FALSE(response.Has("x-arbstr-cost-sats"));
  EXPECT_EQ(response.Header("content-type").rfind("text/event-stream", 0), 0u);
  const auto blocks = Blocks(response.body);
  ASSERT_GE(blocks.size(), 3u);
  EXPECT_EQ(blocks.back(), "data: [DONE]");
  const std::string& comment = blocks[blocks.size() - 2];
  ASSERT_TRUE(IsComment(comment)) << comment;
  const Json said = Json::parse(comment.substr(9));
  EXPECT_DOUBLE_EQ(said["cost_sats"], 26) << "(1000*10000 + 500*30000)/1e6 + 1";
  EXPECT_TRUE(said["latency_ms"].is_number_integer());
  EXPECT_EQ(response.body.find("\"usage\":{"), std::string::npos) << "the client did not ask for usage";
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 1);
  EXPECT_EQ(row.streaming, 1);
  EXPECT_EQ(row.input_tokens, 1000);
  EXPECT_EQ(row.output_tokens, 500);
  EXPECT_DOUBLE_EQ(row.cost_sats.value_or(0), 26);
  EXPECT_TRUE(row.stream_duration_ms);
}

TEST_F(StreamingTest, TheProvidersEventsArriveByteForByte) {
  Start(R"({"rules":[{"script":[{"reply":{"text":"Grüße und Füße"},"frames":{"at":[
      {"frame":2,"comment":"ping"},{"frame":3,"split_utf8":true},{"frame":3,"duplicate":true},
      {"frame":4,"malformed":"{not json"}]}}],"then":"last"}]})");
  const std::string request =
      ChatRequest(ChatBody("gpt-4o", R"(,"stream":true,"stream_options":{"include_usage":true})"));
  const std::string direct = Ask(mocks().port("mock"), request).body;
  const std::string through = Ask(port(), request).body;
  std::string without_ours;
  for (const auto& block : Blocks(through)) {
    if (!IsComment(block)) without_ours += block + "\n\n";
  }
  // Ids and times differ from request to request: compared with the digits left out.
  const auto shape = [](std::string text) {
    std::erase_if(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    return text;
  };
  EXPECT_EQ(shape(without_ours), shape(direct));
  EXPECT_NE(through.find("Grüße"), std::string::npos);
  EXPECT_NE(through.find("\"usage\":{"), std::string::npos) << "the client asked for usage";
}

TEST_F(StreamingTest, UsageIsAskedForWhereTheClientDidNotSay) {
  Start(R"({})");
  Stream();
  Stream("gpt-4o", R"(,"stream_options":{"include_usage":false})");
  Chat();
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(Json::parse(journal[0].body)["stream_options"]["include_usage"], true);
  EXPECT_EQ(Json::parse(journal[1].body)["stream_options"]["include_usage"], false);
  EXPECT_EQ(journal[2].body, ChatBody()) << "a plain body goes on byte for byte";
}

TEST_F(StreamingTest, FailsFastBeforeTheHead) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})");
  const Response response = Stream();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(Journal().size(), 1u) << "one attempt, on the primary";
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 0);
  EXPECT_EQ(row.error_status, 503);
  EXPECT_EQ(row.streaming, 1);
}

TEST_F(StreamingTest, AConnectionThatBreaksBeforeTheHeadIsA502AtOnce) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"fault":"close"}]}]},{"name":"beta"}]})");
  EXPECT_TRUE(IsOurError(Stream(), 502, "upstream_unreachable"));
  EXPECT_EQ(Journal().size(), 1u);
}

TEST_F(StreamingTest, ACutStreamEndsWithAnErrorEventAndNoDone) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"end":"reset"}]}}]}]})");
  ExpectBroken(Stream(), "stream_interrupted");
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 0);
  EXPECT_EQ(row.error_status, 502);
  EXPECT_EQ(row.attempts, 1);
}

TEST_F(StreamingTest, AStreamCutInsideAnEventDoesNotPassTheHalfOn) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"cut_mid_event":true}]}}]}]})");
  const Response response = Stream();
  ExpectBroken(response, "stream_interrupted");
  for (const auto& block : Blocks(response.body)) {
    EXPECT_TRUE(Json::accept(block.substr(6))) << block;
  }
}

TEST_F(StreamingTest, AnEndWithNeitherDoneNorFinishReasonIsACut) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"end":"fin"}]}}]}]})");
  ExpectBroken(Stream(), "stream_interrupted");
}

TEST_F(StreamingTest, AMissingDoneAfterAFinishReasonIsSupplied) {
  Start(R"({"rules":[{"script":[{"frames":{"omit_done":true}}]}]})");
  const Response response = Stream();
  EXPECT_TRUE(response.complete);
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n"));
  EXPECT_EQ(OnlyRow().success, 1);
}

constexpr const char* kChunk = R"(data: {"choices":[{"index":0,"delta":{"content":"one"}}]})";
constexpr const char* kLastChunk =
    R"(data: {"choices":[{"index":0,"delta":{"content":"two"},"finish_reason":"stop"}]})";

TEST_F(StreamingTest, ALastEventWithoutItsEmptyLineIsPassedOn) {
  for (const std::string end : {"", "\n"}) {
    SCOPED_TRACE(end.size());
    StartWithEvents(std::string(kChunk) + "\n\n" + kLastChunk + end);
    const Response response = Stream();
    EXPECT_TRUE(response.complete);
    const auto blocks = Blocks(response.body);
    ASSERT_EQ(blocks.size(), 4u) << response.body;
    EXPECT_EQ(blocks[1], kLastChunk);
    EXPECT_EQ(blocks[3], "data: [DONE]");
    StopGateway();
  }
}

TEST_F(StreamingTest, SilenceBehindAFinishReasonIsTheEndOfAWholeAnswer) {
  // The provider stops in the middle of its body, just behind the last chunk.
  const std::string first = std::string(kLastChunk) + "\n\n";
  const Json reply = {{"body", first + std::string(first.size(), '\n')},
                      {"headers", {{"content-type", "text/event-stream"}}}};
  const Json step = {{"reply", reply}, {"hang", {{"at", "mid_body"}}}};
  Start(Json{{"rules", {{{"script", {step}}}}}}.dump(), {.retry = "stream_idle_ms = 150\n"});
  const Response response = Stream();
  EXPECT_TRUE(response.complete);
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n")) << response.body;
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_F(StreamingTest, ADoneWithoutItsEmptyLineIsNotWaitedBehind) {
  // The provider stops in the middle of its body, which is just behind [DONE] and one line end.
  const std::string first = std::string(kLastChunk) + "\n\ndata: [DONE]\n";
  const Json reply = {{"body", first + std::string(first.size(), '\n')},
                      {"headers", {{"content-type", "text/event-stream"}}}};
  const Json step = {{"reply", reply}, {"hang", {{"at", "mid_body"}}}};
  Start(Json{{"rules", {{{"script", {step}}}}}}.dump());
  const Response response = Stream();
  EXPECT_TRUE(response.complete);
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n")) << response.body;
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_F(StreamingTest, AnAnswerWithoutABodyIsNoStreamWhateverItsType) {
  const Json reply = {{"status", 204}, {"body", ""}, {"headers", {{"content-type", "text/event-stream"}}}};
  Start(Json{{"rules", {{{"script", {{{"reply", reply}}}}}}}}.dump());
  const Response response = Stream();
  EXPECT_EQ(response.status, 204);
  EXPECT_FALSE(response.Has("transfer-encoding"));
  EXPECT_FALSE(response.Has("x-arbstr-streaming"));
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_F(StreamingTest, HalfAnEventBehindAWholeAnswerIsNotPassedOn) {
  StartWithEvents(std::string(kLastChunk) + "\n\ndata: {\"choices\":[],\"usa");
  const Response response = Stream();
  EXPECT_TRUE(response.complete);
  const auto blocks = Blocks(response.body);
  ASSERT_EQ(blocks.size(), 3u) << response.body;
  EXPECT_TRUE(IsComment(blocks[1]));
}

TEST_F(StreamingTest, AnErrorEventWithoutItsEmptyLineIsOneAllTheSame) {
  const std::string error = R"(data: {"error":{"message":"overloaded","type":"server_error"}})";
  StartWithEvents(std::string(kChunk) + "\n\n" + error + "\n");
  const Response response = Stream();
  EXPECT_FALSE(response.complete);
  EXPECT_EQ(response.body, std::string(kChunk) + "\n\n" + error + "\n\n");
  EXPECT_EQ(OnlyRow().error_message, "overloaded");
}

TEST_F(StreamingTest, AnErrorEventThatQuotesTheKeyComesWithTheKeyMasked) {
  const std::string key = KeyOf("mock");
  StartWithEvents("data: {\"error\":{\"message\":\"bad key " + key + "\"}}\n\n");
  EXPECT_EQ(Stream().body, "data: {\"error\":{\"message\":\"bad key sk-ke…\"}}\n\n");
}

TEST_F(StreamingTest, AnErrorEventTooLargeToBeSearchedForTheKeyIsNotPassedOn) {
  const std::string large(300'000, '\\');  // an even number: 150,000 escaped backslashes
  StartWithEvents("data: {\"error\":{\"message\":\"" + large + "\"}}\n\n");
  const Response response = Stream();
  EXPECT_FALSE(response.complete);
  EXPECT_EQ(response.body.find("\\\\"), std::string::npos);
  EXPECT_NE(response.body.find("its error event is larger than 262144 bytes"), std::string::npos)
      << response.body.substr(0, 500);
  EXPECT_EQ(OnlyRow().error_status, 502);
}

TEST_F(StreamingTest, TheProvidersErrorEventIsPassedOnAndNoneIsAdded) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"error_event":"overloaded"}]}}]}]})");
  const Response response = Stream();
  EXPECT_FALSE(response.complete);
  std::size_t errors = 0;
  for (const auto& block : Blocks(response.body)) errors += block.find("\"error\"") != std::string::npos;
  EXPECT_EQ(errors, 1u) << response.body;
  EXPECT_EQ(response.body.find("[DONE]"), std::string::npos);
  const Row row = OnlyRow();
  EXPECT_EQ(row.error_status, 502);
  EXPECT_EQ(row.success, 0);
}

TEST_F(StreamingTest, SilenceInsideAStreamEndsIt) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"stall_ms":3600000}]}}]}]})",
        {.retry = "stream_idle_ms = 150\n"});
  ExpectBroken(Stream(), "stream_idle_timeout");
  EXPECT_TRUE(WaitForJournal([](const auto& entries) {
    return entries.size() == 1 && entries[0].closed_by == mock_provider::ClosedBy::kClient;
  })) << "the upstream connection must be closed";
  EXPECT_EQ(OnlyRow().error_status, 504);
}

TEST_F(StreamingTest, SilenceBeforeTheHeadIsA504) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"before_headers"}}]}]})", {.retry = "first_event_ms = 150\n"});
  const Response response = Stream();
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/mock");
  EXPECT_EQ(OnlyRow().error_status, 504);
}

TEST_F(StreamingTest, SilenceAfterTheHeadBeforeTheFirstEventEndsTheStreamToo) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"after_headers"}}]}]})", {.retry = "first_event_ms = 150\n"});
  ExpectBroken(Stream(), "stream_idle_timeout");
  EXPECT_EQ(OnlyRow().error_status, 504);
}

TEST_F(StreamingTest, A2xxThatIsNoEventStreamIsAPlainAnswer) {
  Start(
      R"({"rules":[{"script":[{"reply":{"body":"{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}"}}]}]})");
  const Response response = Stream();
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(response.Header("content-type").rfind("text/event-stream", 0), std::string::npos);
  EXPECT_FALSE(response.Has("x-arbstr-streaming"));
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_F(StreamingTest, AStreamInACodingThatNobodyAskedForIsNotBegun) {
  Start(R"({"rules":[{"script":[{"reply":{"headers":{"content-encoding":"gzip"}}}]}]})");
  EXPECT_TRUE(IsOurError(Stream(), 502, "upstream_invalid"));
  EXPECT_EQ(OnlyRow().error_status, 502);
}

TEST_F(StreamingTest, TheConnectionServesTheNextRequestAfterAWholeStream) {
  Start(R"({})");
  HttpClient client = Connect();
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
    const Response response = client.ReadResponse();
    EXPECT_TRUE(response.complete);
    EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n"));
  }
  EXPECT_EQ(Journal().size(), 3u);
}

}  // namespace
}  // namespace integration_tests
