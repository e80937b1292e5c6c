// Streams with streaming = "before_first_token": until the first event that carries something a failure is
// made good unseen by the client; behind it the stream ends honestly, as it does without.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class StreamSurvivalTest : public GatewayTest {
 protected:
  void StartSurviving(const std::string& scenario, const std::string& retry = "",
                      const std::string& more = "") {
    Start(scenario,
          {.retry = "streaming = \"before_first_token\"\nbackoff_ms = [1]\n" + retry, .more = more});
  }
  // alpha always does `step`; beta is healthy and says so, as gamma does after it.
  void StartWithAlpha(const std::string& step, const std::string& retry = "", const std::string& more = "") {
    StartSurviving(R"({"providers":[{"name":"alpha","rules":[{"script":[)" + step + R"(]}]},
        {"name":"beta","rules":[{"script":[{"reply":{"text":"beta was here"}}]}]},
        {"name":"gamma","rules":[{"script":[{"reply":{"text":"gamma was here"}}]}]}]})",
                   retry, more);
  }
  // A reply whose stream is these bytes.
  static std::string Events(const std::string& bytes) {
    const Json reply = {{"body", bytes}, {"headers", {{"content-type", "text/event-stream"}}}};
    return Json{{"reply", reply}}.dump();
  }
  // The words of all chunks, in order.
  static std::string TextOf(const Response& response) {
    std::string text;
    for (std::size_t at = 0; (at = response.body.find("data: {", at)) != std::string::npos; ++at) {
      const auto end = response.body.find("\n\n", at);
      const Json chunk = Json::parse(response.body.substr(at + 6, end - at - 6), nullptr, false);
      if (!chunk.contains("choices") || chunk["choices"].empty()) continue;
      text += chunk["choices"][0]["delta"].value("content", "");
    }
    return text;
  }
  void ExpectWhole(const Response& response, const std::string& provider, const std::string& retries) {
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.complete);
    EXPECT_EQ(response.Header("x-arbstr-streaming"), "true");
    EXPECT_EQ(response.Header("x-arbstr-provider"), provider);
    EXPECT_EQ(response.Header("x-arbstr-retries"), retries);
    EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n")) << response.body;
    EXPECT_EQ(response.body.find("\"error\""), std::string::npos) << response.body;
  }
  void ExpectBroken(const Response& response) {
    EXPECT_EQ(response.status, 200);
    EXPECT_FALSE(response.complete);
    EXPECT_FALSE(response.Has("x-arbstr-retries"));
    EXPECT_EQ(response.body.find("data: [DONE]"), std::string::npos);
    EXPECT_NE(response.body.find("data: {\"error\":"), std::string::npos) << response.body;
    EXPECT_EQ(Asked("beta"), 0u) << "the client has had something of alpha's";
  }
};

TEST_F(StreamSurvivalTest, ARetryableStatusIsRetriedThenAnswered) {
  StartSurviving(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"times":2},
      {"reply":{"text":"Hello again","usage":{"prompt_tokens":1000,"completion_tokens":500}}}]}]}]})");
  const Response response = Stream();
  ExpectWhole(response, "alpha", "2/alpha");
  EXPECT_EQ(TextOf(response), "Hello again");
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 1);
  EXPECT_EQ(row.streaming, 1);
  EXPECT_EQ(row.attempts, 3);
  EXPECT_EQ(row.retries, "2/alpha");
  EXPECT_DOUBLE_EQ(row.cost_sats.value_or(0), 26);
  EXPECT_TRUE(row.stream_duration_ms);
  const Json log = Json::parse(row.attempt_log.value_or("[]"));
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log[1]["status"], 503);
  EXPECT_EQ(log[2]["status"], 200);
  EXPECT_EQ(row.correlation_id, response.Header("x-arbstr-request-id"));
}

TEST_F(StreamSurvivalTest, EveryFailureBeforeTheFirstTokenFallsBackUnseen) {
  const std::string error_body = R"({"reply":{"body":"{\"error\":{\"message\":\"engine lost\"}}"}})";
  const std::string role_only =
      Events("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n: wait\n\n");
  for (const auto& [step, status] : std::vector<std::pair<std::string, int>>{
           {R"({"error":503})", 503},
           {R"({"error":"bad_gateway_html"})", 502},
           {R"({"fault":"reset"})", 502},
           {R"({"fault":"close"})", 502},
           {R"({"fault":"close_mid_headers"})", 502},
           {R"({"fault":"random_bytes"})", 502},
           {R"({"fault":"bad_status_line"})", 502},
           {error_body, 502},
           {role_only, 502},
           {Events(""), 502},
           {Events("data: {not json\n\ndata: [DONE]\n\n"), 502},
           {Events("{\"error\":{\"message\":\"JSON that says it is events\"}}"), 502},
           {R"({"frames":{"at":[{"frame":0,"end":"reset"}]}})", 502},
           {R"({"frames":{"at":[{"frame":0,"end":"fin"}]}})", 502},
           {R"({"frames":{"at":[{"frame":1,"end":"reset"}]}})", 502},
           {R"({"frames":{"at":[{"frame":1,"end":"fin"}]}})", 502},
           {R"({"frames":{"at":[{"frame":0,"cut_mid_event":true}]}})", 502},
           {R"({"frames":{"at":[{"frame":1,"cut_mid_event":true}]}})", 502},
           {R"({"frames":{"at":[{"frame":0,"malformed":true}]}})", 502},
           {R"({"frames":{"at":[{"frame":1,"malformed":"{\"oops"}]}})", 502},
           {R"({"frames":{"at":[{"frame":0,"error_event":"overloaded"}]}})", 502},
           {R"({"frames":{"at":[{"frame":1,"error_event":"server_error"}]}})", 502}}) {
    SCOPED_TRACE(step);
    StartWithAlpha(step);
    const Response response = Stream();
    ExpectWhole(response, "beta", "3/alpha");
    EXPECT_EQ(TextOf(response), "beta was here") << "once, and nothing of alpha's";
    EXPECT_EQ(Asked("alpha"), 3u);
    const Row row = OnlyRow();
    EXPECT_EQ(row.success, 1);
    EXPECT_EQ(row.provider, "beta");
    EXPECT_EQ(row.attempts, 4);
    EXPECT_EQ(row.retries, "3/alpha");
    const Json log = Json::parse(row.attempt_log.value_or("[]"));
    ASSERT_EQ(log.size(), 4u);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(log[i]["status"], status);
      EXPECT_FALSE(log[i]["error"].get<std::string>().empty());
    }
    EXPECT_TRUE(log[3]["error"].is_null());
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, AStallUpToTheAttemptsTimeoutGoesStraightToTheNextProvider) {
  for (const char* step : {R"({"hang":{"at":"before_headers"}})", R"({"hang":{"at":"after_headers"}})",
                           R"({"frames":{"at":[{"frame":1,"stall_ms":3600000}]}})"}) {
    SCOPED_TRACE(step);
    StartWithAlpha(step, "attempt_timeout_ms = 300\n");
    ExpectWhole(Stream(), "beta", "1/alpha");
    EXPECT_TRUE(WaitForJournal([](const auto& entries) {
      return entries[0].closed_by == mock_provider::ClosedBy::kClient;
    })) << "what stalls is let go of";
    const Row row = OnlyRow();
    EXPECT_EQ(row.attempts, 2);
    EXPECT_EQ(Json::parse(row.attempt_log.value_or("[]"))[0]["status"], 504);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, BehindTheFirstTokenAStreamThatBreaksEndsHonestly) {
  for (const char* at :
       {R"({"frame":2,"end":"reset"})", R"({"frame":2,"end":"fin"})", R"({"frame":2,"cut_mid_event":true})",
        R"({"frame":2,"error_event":"overloaded"})"}) {
    SCOPED_TRACE(at);
    StartWithAlpha(std::string(R"({"reply":{"text":"one two three"},"frames":{"delay_ms":20,"at":[)") + at +
                   "]}}");
    const Response response = Stream();
    ExpectBroken(response);
    EXPECT_EQ(TextOf(response), "one");
    const Row row = OnlyRow();
    EXPECT_EQ(row.success, 0);
    EXPECT_EQ(row.error_status, 502);
    EXPECT_EQ(row.attempts, 1);
    EXPECT_EQ(row.retries, "1/alpha");
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, WhateverCarriesSomethingIsAFirstToken) {
  for (const char* delta :
       {R"("content":"a")", R"("refusal":"no")", R"("reasoning":"hm")", R"("reasoning_content":"hm")",
        R"("audio":{"id":"x"})", R"("tool_calls":[{"index":0,"function":{"name":"f"}}])",
        R"("function_call":{"name":"f"})"}) {
    SCOPED_TRACE(delta);
    StartWithAlpha(Events(std::string(R"(data: {"choices":[{"index":0,"delta":{)") + delta + "}}]}\n\n"));
    const Response response = Stream();
    ExpectBroken(response);
    EXPECT_NE(response.body.find(delta), std::string::npos);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, AnEmptyAnswerIsAnAnswer) {
  const std::string role = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n";
  const std::string finish =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n";
  const std::string done = "data: [DONE]\n\n";
  for (const std::string& events : {role + finish + done, role + finish, role + done, done,
                                    role + "data: [DONE]", role + finish.substr(0, finish.size() - 2)}) {
    SCOPED_TRACE(events);
    StartWithAlpha(Events(events));
    const Response response = Stream();
    ExpectWhole(response, "alpha", "");
    EXPECT_EQ(response.body.substr(0, response.body.find("data: [DONE]")).find(role),
              events == done ? -1 : 0);
    EXPECT_EQ(OnlyRow().success, 1);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, AStrayMalformedEventBehindTheFirstTokenIsPassedOn) {
  StartWithAlpha(R"({"reply":{"text":"one two three"},"frames":{"at":[{"frame":2,"malformed":"{\"oops"}]}})");
  const Response response = Stream();
  ExpectWhole(response, "alpha", "");
  EXPECT_NE(response.body.find("data: {\"oops\n\n"), std::string::npos) << response.body;
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_F(StreamSurvivalTest, AMebibyteWithoutATokenIsPassedOnAsItIs) {
  std::string comments;
  while (comments.size() < (1 << 20)) comments += ": " + std::string(1000, 'x') + "\n\n";
  StartWithAlpha(Events(comments));
  const Response response = Stream();
  ExpectBroken(response);
  EXPECT_TRUE(response.body.starts_with(comments));
}

TEST_F(StreamSurvivalTest, WhenEverythingFailedTheLastFailureIsAnOrdinaryError) {
  StartSurviving(R"({"providers":[
      {"name":"alpha","rules":[{"script":[{"frames":{"at":[{"frame":1,"end":"reset"}]}}]}]},
      {"name":"beta","rules":[{"script":[{"frames":{"at":[{"frame":0,"end":"fin"}]}}]}]}]})");
  const Response response = Stream();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_invalid"));
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha, 1/beta");
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  EXPECT_EQ(response.Header("x-should-retry"), "false");
  EXPECT_FALSE(response.Has("x-arbstr-streaming"));
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 0);
  EXPECT_EQ(row.error_status, 502);
  EXPECT_EQ(row.attempts, 4);
  EXPECT_EQ(row.retries, "3/alpha, 1/beta");
}

TEST_F(StreamSurvivalTest, AnErrorEventIsTheErrorOfAnOrdinaryResponseWithTheKeyMasked) {
  const std::string said = R"({"error":{"message":"no more for )" + KeyOf("mock") + R"(","type":"x"}})";
  StartSurviving("{\"rules\":[{\"script\":[" + Events("data: " + said + "\n\n") + "]}]}");
  const Response response = Stream();
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/mock");
  EXPECT_EQ(response.Header("x-should-retry"), "false");
  EXPECT_EQ(response.body, R"({"error":{"message":"no more for sk-ke…","type":"x"}})");
  const Row row = OnlyRow();
  EXPECT_EQ(row.error_status, 502);
  EXPECT_EQ(row.error_message.value_or("").find("0123456789"), std::string::npos);
  EXPECT_NE(row.error_message.value_or("").find("no more for"), std::string::npos);
}

TEST_F(StreamSurvivalTest, AFinalAnswerIsNotRetried) {
  for (const char* error : {"400", "429", "501"}) {
    SCOPED_TRACE(error);
    StartWithAlpha(std::string(R"({"error":)") + error + "}");
    const Response response = Stream();
    EXPECT_EQ(std::to_string(response.status), error);
    EXPECT_FALSE(response.Has("x-arbstr-retries"));
    EXPECT_EQ(Journal().size(), 1u);
    EXPECT_EQ(OnlyRow().attempts, 1);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, AttemptsAreCountedOverProviders) {
  StartSurviving(R"({"providers":[
      {"name":"alpha","rules":[{"script":[{"error":500},{"frames":{"at":[{"frame":1,"end":"fin"}]}}]}]},
      {"name":"beta","rules":[{"script":[{"error":401}]}]},
      {"name":"gamma","rules":[{"script":[{"frames":{"at":[{"frame":1,"end":"reset"}]}}]}]},
      {"name":"delta"}]})",
                 "max_retries = 1\nfallbacks = 2\nfallback_statuses = [401]\n");
  const Response response = Stream();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_invalid"));
  EXPECT_EQ(response.Header("x-arbstr-retries"), "2/alpha, 1/beta, 1/gamma");
  EXPECT_EQ(Asked("delta"), 0u);
  EXPECT_EQ(OnlyRow().attempts, 4);
}

TEST_F(StreamSurvivalTest, A2xxThatIsNoEventStreamIsAPlainAnswer) {
  StartWithAlpha(R"({"reply":{"body":"{\"choices\":[]}"}})");
  const Response response = Stream();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"choices":[]})");
  EXPECT_FALSE(response.Has("x-arbstr-streaming"));
}

TEST_F(StreamSurvivalTest, TheDeadlineEndsTheWaitForTheFirstToken) {
  for (const char* step : {R"({"hang":{"at":"before_headers"}})", R"({"hang":{"at":"after_headers"}})",
                           R"({"frames":{"at":[{"frame":1,"stall_ms":3600000}]}})"}) {
    SCOPED_TRACE(step);
    StartWithAlpha(step);
    const Response response = Stream("gpt-4o", "", {{"x-arbstr-deadline-ms", "150"}});
    EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
    EXPECT_NE(response.body.find("150 ms (x-arbstr-deadline-ms)"), std::string::npos) << response.body;
    EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
    EXPECT_EQ(response.Header("x-should-retry"), "false");
    EXPECT_TRUE(WaitForJournal(
        [](const auto& entries) { return entries[0].closed_by == mock_provider::ClosedBy::kClient; }));
    const Row row = OnlyRow();
    EXPECT_EQ(row.error_status, 504);
    EXPECT_EQ(row.attempts, 1);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, OneDeadlineIsOverAllAttempts) {
  StartSurviving(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},
      {"name":"beta","rules":[{"script":[{"frames":{"at":[{"frame":1,"stall_ms":3600000}]}}]}]}]})",
                 "deadline_ms = 400\n");
  const Response response = Stream();
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_NE(response.body.find("400 ms (retry.deadline_ms)"), std::string::npos) << response.body;
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha, 1/beta");
}

TEST_F(StreamSurvivalTest, BehindTheFirstTokenItIsTheSilenceThatEndsAStreamAndNotTheDeadline) {
  StartWithAlpha(R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"stall_ms":2600}]}})",
                 "deadline_ms = 2500\n");
  const Response slow = Stream();
  ExpectWhole(slow, "alpha", "");
  EXPECT_EQ(TextOf(slow), "one two");
  StartOver();
  StartWithAlpha(R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"stall_ms":3600000}]}})",
                 "stream_idle_ms = 150\n");
  const Response silent = Stream();
  ExpectBroken(silent);
  EXPECT_NE(silent.body.find("stream_idle_timeout"), std::string::npos);
  EXPECT_EQ(OnlyRow().error_status, 504);
}

TEST_F(StreamSurvivalTest, AClientThatLeavesBeforeTheFirstTokenEndsItAll) {
  for (const bool reset : {false, true}) {
    SCOPED_TRACE(reset);
    StartWithAlpha(R"({"frames":{"at":[{"frame":1,"stall_ms":3600000}]}})");
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
    ASSERT_TRUE(
        WaitForJournal([](const auto& entries) { return entries.size() == 1 && entries[0].bytes > 0; }));
    reset ? client.Reset() : client.Close();
    EXPECT_TRUE(WaitForJournal([](const auto& entries) {
      return entries[0].closed_by == mock_provider::ClosedBy::kClient;
    })) << "the upstream connection must be freed";
    const Row row = OnlyRow();
    EXPECT_EQ(row.error_status, 499);
    EXPECT_EQ(row.attempts, 1);
    EXPECT_FALSE(row.retries) << "a client's leaving is no failure of the provider";
    EXPECT_EQ(Asked("beta"), 0u);
    StartOver();
  }
}

TEST_F(StreamSurvivalTest, StreamsThatFailBeforeTheFirstTokenOpenTheBreaker) {
  StartWithAlpha(R"({"frames":{"at":[{"frame":1,"end":"reset"}]}})", "max_retries = 0\n",
                 "[circuit_breaker]\nfailures = 2\nopen_ms = 600000\n");
  ExpectWhole(Stream(), "beta", "1/alpha");
  ExpectWhole(Stream(), "beta", "1/alpha");
  ExpectWhole(Stream(), "beta", "");
  EXPECT_EQ(Asked("alpha"), 2u) << "skipped, not tried";
}

TEST_F(StreamSurvivalTest, TheirRetriesAreChargedToTheBudget) {
  StartWithAlpha(R"({"error":503})", "budget_percent = 1\nbudget_min_per_s = 0\n");
  ExpectWhole(Stream(), "beta", "1/alpha");
}

TEST_F(StreamSurvivalTest, APlainRequestIsServedAsEver) {
  StartWithAlpha(R"({"error":503})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
}

}  // namespace
}  // namespace integration_tests
