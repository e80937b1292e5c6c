// Retry and fallback of plain requests, seen from the client, from the providers and from the row.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class RetryTest : public GatewayTest {
 protected:
  std::vector<std::string> Order() {
    std::vector<std::string> order;
    for (const auto& entry : Journal()) order.push_back(entry.provider);
    return order;
  }
};

using Names = std::vector<std::string>;

TEST_F(RetryTest, IsRetriedWithBackoffThenAnswered) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"times":2}],"then":"pass"}]}]})",
        {.retry = "backoff_ms = [60, 120]\n"});
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "2/alpha");
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 3u);
  // The end of one answer to the arrival of the next request.
  EXPECT_GE(journal[1].arrival_ms - *journal[0].last_byte_ms, 60) << "never early";
  EXPECT_GE(journal[2].arrival_ms - *journal[1].last_byte_ms, 120) << "never early";
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 1);
  EXPECT_EQ(row.attempts, 3);
  EXPECT_EQ(row.retries, "2/alpha");
  EXPECT_EQ(row.provider, "alpha");
  EXPECT_EQ(row.correlation_id, response.Header("x-arbstr-request-id"));
}

TEST_F(RetryTest, TheRowTellsWhatWasTriedInOrder) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"fault":"reset"},{"error":503},{"error":500}]}]},
                         {"name":"beta"}]})");
  EXPECT_EQ(Chat().status, 200);
  const Row row = OnlyRow();
  ASSERT_TRUE(row.attempt_log);
  const Json log = Json::parse(*row.attempt_log);
  ASSERT_EQ(log.size(), 4u);
  const std::vector<int> statuses = {502, 503, 500, 200};
  const std::vector<int> waits = {0, 10, 20, 0};
  for (std::size_t i = 0; i < log.size(); ++i) {
    EXPECT_EQ(log[i]["provider"], i < 3 ? "alpha" : "beta");
    EXPECT_EQ(log[i]["status"], statuses[i]);
    EXPECT_EQ(log[i]["waited_ms"], waits[i]);
    EXPECT_EQ(log[i]["error"].is_null(), i == 3);
    EXPECT_GE(log[i]["ms"], 0);
    if (i > 0) {
      EXPECT_GE(log[i]["at_ms"].get<int>(), log[i - 1]["at_ms"].get<int>() + waits[i]);
    }
  }
}

TEST_F(RetryTest, FallsBackOnceThePrimarysAttemptsAreUsedUp) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"},{"name":"gamma"}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
  EXPECT_EQ(Order(), (Names{"alpha", "alpha", "alpha", "beta"}));
  EXPECT_EQ(OnlyRow().provider, "beta");
}

TEST_F(RetryTest, TheFallbackGetsOneAttemptAndItsFailureIsTheAnswer) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},
                         {"name":"beta","rules":[{"script":[{"error":500}]}]},{"name":"gamma"}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 500) << "the last provider's status";
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha, 1/beta");
  EXPECT_FALSE(response.Has("x-should-retry")) << "500 is the SDK's to retry";
  EXPECT_EQ(Order(), (Names{"alpha", "alpha", "alpha", "beta"}));
  const Row row = OnlyRow();
  EXPECT_EQ(row.success, 0);
  EXPECT_EQ(row.error_status, 500);
  EXPECT_EQ(row.provider, "beta");
  EXPECT_EQ(row.attempts, 4);
  EXPECT_EQ(row.retries, "3/alpha, 1/beta");
}

TEST_F(RetryTest, SeveralFallbacksAreTriedInOrderOfPrice) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},
                         {"name":"beta","rules":[{"script":[{"error":502}]}]},
                         {"name":"gamma","rules":[{"script":[{"error":504}]}]},{"name":"delta"}]})",
        {.retry = "max_retries = 0\nfallbacks = 9\n"});
  EXPECT_EQ(Chat().Header("x-arbstr-retries"), "1/alpha, 1/beta, 1/gamma");
  EXPECT_EQ(Order(), (Names{"alpha", "beta", "gamma", "delta"}));
}

TEST_F(RetryTest, A4xxIsNeitherRetriedNorPassedToTheFallback) {
  for (const char* error : {"400", "401", "404", "422", "\"rate_limit\"", "501"}) {
    SCOPED_TRACE(error);
    Start(std::string(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":)") + error +
          R"(}]}]},{"name":"beta"}]})");
    const Response response = Chat();
    const std::string expected = error[0] == '"' ? "429" : error;
    EXPECT_EQ(std::to_string(response.status), expected);
    EXPECT_FALSE(response.Has("x-arbstr-retries")) << "a final answer is no failed attempt";
    EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
    EXPECT_EQ(Order(), Names{"alpha"});
    const Row row = OnlyRow();
    EXPECT_EQ(row.success, 0);
    EXPECT_EQ(row.error_status, response.status);
    EXPECT_EQ(row.attempts, 1);
    EXPECT_FALSE(row.retries);
    EXPECT_FALSE(row.attempt_log) << "only where an attempt failed";
    StartOver();
  }
}

TEST_F(RetryTest, AFinalAnswerAfterARetryNamesTheFailedAttemptOnly) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503},{"error":400}]}]}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
}

TEST_F(RetryTest, AStatusOfFallbackStatusesGoesStraightToTheNextCandidate) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":"rate_limit","retry_after_ms":60000}]}]},
                         {"name":"beta"}]})",
      {.retry = "fallback_statuses = [429]\n"});
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(Order(), (Names{"alpha", "beta"}));
}

TEST_F(RetryTest, A200WhoseBodyIsAnErrorIsRetriedAndCountsAs502) {
  const std::string body = R"({\"error\":{\"message\":\"engine lost\",\"type\":\"server_error\"}})";
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"reply":{"body":")" + body + R"("}}]}]}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
  EXPECT_EQ(Json::parse(response.body)["error"]["message"], "engine lost");
  EXPECT_EQ(OnlyRow().error_status, 502);
}

TEST_F(RetryTest, RetryAfterRaisesTheWait) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"retry_after_ms":150}],"then":"pass"}]}]})");
  EXPECT_EQ(Chat().status, 200);
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_GE(journal[1].arrival_ms - *journal[0].last_byte_ms, 150);
}

TEST_F(RetryTest, ALongRetryAfterIsNotWaitedForWhileAnotherCandidateIsLeft) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503,"retry_after_ms":5001}]}]},
                         {"name":"beta"}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(Order(), (Names{"alpha", "beta"}));
}

TEST_F(RetryTest, AWaitThatDoesNotFitBeforeTheDeadlineIsNotBegun) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]}]})",
        {.retry = "backoff_ms = [600000]\n"});
  const Response response = Chat();
  EXPECT_EQ(response.status, 503) << "the last failure, at once";
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(response.Header("x-should-retry"), "false");
}

TEST_F(RetryTest, TheIdempotencyKeyIsTheRequestsIdOnEveryAttempt) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})");
  const Response first = Chat("gpt-4o", "", {{"Idempotency-Key", "the client's own"}});
  const Response second = Chat();
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 8u);
  for (std::size_t i = 0; i < journal.size(); ++i) {
    int keys = 0;
    for (const auto& [name, value] : journal[i].headers) {
      if (name != "idempotency-key") continue;
      ++keys;
      EXPECT_EQ(value, (i < 4 ? first : second).Header("x-arbstr-request-id"));
    }
    EXPECT_EQ(keys, 1);
  }
  EXPECT_NE(first.Header("x-arbstr-request-id"), second.Header("x-arbstr-request-id"));
}

TEST_F(RetryTest, EveryBrokenAnswerIsRetriedAndCountsAs502) {
  for (const char* fault : {"reset", "close", "close_mid_headers", "close_mid_body", "random_bytes",
                            "content_length_too_long", "bad_chunk_size", "missing_last_chunk", "huge_headers",
                            "bad_status_line", "duplicate_content_length"}) {
    SCOPED_TRACE(fault);
    Start(std::string(R"({"providers":[{"name":"alpha","rules":[{"script":[{"fault":")") + fault +
          R"("}]}]},{"name":"beta"}]})");
    const Response response = Chat();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
    EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
    const Row row = OnlyRow();
    EXPECT_EQ(row.attempts, 4);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Json::parse(row.attempt_log.value_or("[]"))[i]["status"], 502);
    StartOver();
  }
}

}  // namespace
}  // namespace integration_tests
