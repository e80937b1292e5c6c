// One clock over everything: attempts, waits, fallback. When it ends, the answer is 504 and nothing stays
// open.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class DeadlineTest : public GatewayTest {
 protected:
  void ExpectUpstreamClosedByUs() {
    EXPECT_TRUE(WaitForJournal([](const auto& entries) {
      for (const auto& entry : entries) {
        if (entry.status == 0 && entry.closed_by != mock_provider::ClosedBy::kClient) return false;
      }
      return !entries.empty();
    })) << "the upstream connection must be closed";
  }
};

TEST_F(DeadlineTest, AHungProviderIsA504AtTheDeadlineAndItsSocketIsClosed) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})",
        {.retry = "deadline_ms = 200\n"});
  const auto begun = std::chrono::steady_clock::now();
  const Response response = Chat();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(200))
      << "not before the deadline";
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha") << "the attempt that was cut counts";
  EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
  EXPECT_EQ(response.Header("x-should-retry"), "false");
  EXPECT_NE(response.body.find("200 ms"), std::string::npos) << "names the limit";
  EXPECT_NE(response.body.find("x-arbstr-deadline-ms"), std::string::npos) << "and how to raise it";
  ExpectUpstreamClosedByUs();
  const Row row = OnlyRow();
  EXPECT_EQ(row.error_status, 504);
  EXPECT_EQ(row.provider, "alpha");
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.retries, "1/alpha");
  EXPECT_EQ(Json::parse(row.attempt_log.value_or("[]"))[0]["status"], 504);
}

TEST_F(DeadlineTest, CutsABodyThatDoesNotEndToo) {
  for (const char* at : {"after_headers", "mid_body"}) {
    SCOPED_TRACE(at);
    Start(std::string(R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":")") + at +
              R"("}}]}]}]})",
          {.retry = "deadline_ms = 150\n"});
    EXPECT_TRUE(IsOurError(Chat(), 504, "deadline_exceeded"));
    EXPECT_EQ(OnlyRow().error_status, 504);
    StartOver();
  }
}

TEST_F(DeadlineTest, RunsOverRetriesAndFallback) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},
                         {"name":"beta","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})",
        {.retry = "deadline_ms = 400\n"});
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha, 1/beta");
  EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
  ExpectUpstreamClosedByUs();
}

TEST_F(DeadlineTest, ARequestsOwnHeaderReplacesIt) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})");
  const Response response = Chat("gpt-4o", "", {{"x-arbstr-deadline-ms", "120"}});
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_NE(response.body.find("120 ms"), std::string::npos);
}

TEST_F(DeadlineTest, AHeaderOutOfRangeIsRefused) {
  Start(R"({})", {.retry = "max_deadline_ms = 1000\n"});
  for (const char* value : {"0", "-5", "1001", "1.5", "soon", "", "99999999999999999999"}) {
    EXPECT_TRUE(IsOurError(Chat("gpt-4o", "", {{"x-arbstr-deadline-ms", value}}), 400, "invalid_deadline"))
        << value;
  }
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(DeadlineTest, ASlowModelHasItsOwn) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})",
        {.retry = "deadline_ms = 600000\ndeadline_by_model = { \"o3*\" = 130 }\n"});
  const Response response = Chat("o3-mini");
  EXPECT_TRUE(IsOurError(response, 504, "deadline_exceeded"));
  EXPECT_NE(response.body.find("130 ms"), std::string::npos);
}

TEST_F(DeadlineTest, AnAttemptsOwnTimeoutGoesStraightToTheNextCandidate) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]},{"name":"beta"}]})",
      {.retry = "attempt_timeout_ms = 120\n"});
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_EQ(Asked("alpha"), 1u);
  const Row row = OnlyRow();
  EXPECT_EQ(Json::parse(row.attempt_log.value_or("[]"))[0]["status"], 504);
}

TEST_F(DeadlineTest, AnErrorWhoseBodyNeverComesIsJudgedByItsStatus) {
  Start(R"({"providers":[
      {"name":"alpha","rules":[{"script":[{"error":503,"hang":{"at":"after_headers"}},{"error":400,"hang":{"at":"mid_body"}}]}]},
      {"name":"beta"}]})",
        {.retry = "max_retries = 0\n"});
  const Response answered = Chat();
  EXPECT_EQ(answered.status, 200);
  EXPECT_EQ(answered.Header("x-arbstr-provider"), "beta");
  EXPECT_EQ(answered.Header("x-arbstr-retries"), "1/alpha");
  EXPECT_TRUE(IsOurError(Chat(), 400, "upstream_error")) << "of half a body";
  StopGateway();
  const auto rows = ReadRows(database());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(Json::parse(rows[0].attempt_log.value_or("[]"))[0]["status"], 503);
  EXPECT_EQ(rows[1].error_status, 400);
}

TEST_F(DeadlineTest, AnAttemptTimeoutOnTheLastCandidateIsA504) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"hang":{"at":"before_headers"}}]}]}]})",
        {.retry = "attempt_timeout_ms = 120\n"});
  const Response response = Chat();
  EXPECT_EQ(response.status, 504);
  EXPECT_EQ(OnlyRow().error_status, 504);
}

}  // namespace
}  // namespace integration_tests
