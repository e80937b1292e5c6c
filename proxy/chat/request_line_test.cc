#include "proxy/chat/request_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

class RequestLineTest : public ::testing::Test {
 protected:
  RequestLineTest() {
    row_.correlation_id = "0198-id";
    row_.model = "gpt-4o";
    row_.provider = "beta";
    row_.success = true;
    row_.attempts = 1;
    row_.latency_ms = 12;
  }
  void FailOnce() {
    attempt_log_.Begin(alpha_, now_, milliseconds(0));
    attempt_log_.End(503, "try \"later\"", AttemptVerdict::kFailed, now_ + milliseconds(7));
    row_.retries = attempt_log_.Retries();
    row_.attempt_log = attempt_log_.Json();
    row_.attempts = 2;
  }
  Json AsJson() {
    const std::string text = RequestLine(LogFormat::kJson, row_, attempt_log_, skipped_, trace_);
    return Json::parse("{" + text.substr(1) + "}", nullptr, false);
  }

  const std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
  const std::string alpha_ = "alpha";
  AttemptLog attempt_log_{now_};
  SkippedCandidates skipped_;
  request_log::Record row_;
  std::string trace_;
};

TEST_F(RequestLineTest, AnAnsweredRequestIsOneShortLine) {
  row_.cost_sats = 1.1;
  row_.input_tokens = 3;
  row_.output_tokens = 4;
  EXPECT_EQ(RequestLine(LogFormat::kText, row_, attempt_log_, skipped_, ""),
            "request id=0198-id method=POST route=/v1/chat/completions status=200 model=gpt-4o provider=beta "
            "stream=false attempts=1 latency_ms=12 input_tokens=3 output_tokens=4 cost_sats=1.10");
}

TEST_F(RequestLineTest, EveryAttemptThatFailedSaysWhy) {
  FailOnce();
  const std::string text = RequestLine(LogFormat::kText, row_, attempt_log_, skipped_, "");
  EXPECT_NE(text.find(R"(retries=1/alpha)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"(failed="alpha 503 after 7 ms: try \"later\"")"), std::string::npos) << text;
  const Json line = AsJson();
  ASSERT_EQ(line["attempt_log"].size(), 1u) << line;
  EXPECT_EQ(line["attempt_log"][0]["error"], "try \"later\"");
  EXPECT_EQ(line["attempt_log"][0]["status"], 503);
}

TEST_F(RequestLineTest, AFailureHasItsStatusAndAClientThatLeftIsSaidToHaveLeft) {
  row_.success = false;
  row_.error_status = 504;
  row_.error_message = "No answer within 30000 ms.";
  EXPECT_EQ(AsJson()["status"], 504);
  EXPECT_EQ(AsJson()["error"], "No answer within 30000 ms.");
  EXPECT_FALSE(AsJson().contains("client_gone"));
  row_.error_status = 499;
  EXPECT_EQ(AsJson()["client_gone"], true);
}

TEST_F(RequestLineTest, ItSaysWhoWasPassedByAndWhy) {
  EXPECT_FALSE(AsJson().contains("skipped"));
  const std::string gamma = "gamma";
  skipped_.Add(alpha_, SkippedCandidates::Reason::kBreakerOpen);
  skipped_.Add(gamma, SkippedCandidates::Reason::kAtCapacity);
  EXPECT_EQ(AsJson()["skipped"], Json::parse(R"([{"provider":"alpha","reason":"breaker_open"},
                                                 {"provider":"gamma","reason":"at_capacity"}])"));
  const std::string text = RequestLine(LogFormat::kText, row_, attempt_log_, skipped_, "");
  EXPECT_NE(text.find(" skipped=alpha:breaker_open,gamma:at_capacity"), std::string::npos) << text;
}

TEST_F(RequestLineTest, ItSaysWhyThereWereNoMoreRetries) {
  FailOnce();
  EXPECT_FALSE(AsJson().contains("not_retried"));
  attempt_log_.SetNotRetried("retry_budget");
  EXPECT_EQ(AsJson()["not_retried"], "retry_budget");
  const std::string text = RequestLine(LogFormat::kText, row_, attempt_log_, skipped_, "");
  EXPECT_NE(text.find(" retries=1/alpha not_retried=retry_budget "), std::string::npos) << text;
}

TEST_F(RequestLineTest, TheTraceIsNamedWhereThereIsOne) {
  EXPECT_FALSE(AsJson().contains("trace_id"));
  trace_ = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(AsJson()["trace_id"], trace_);
}

TEST_F(RequestLineTest, AModelThatAClientMadeUpIsQuotedAndCutShort) {
  row_.model = "x\" status=200\nrequest " + std::string(10'000, 'y');
  const std::string text = RequestLine(LogFormat::kText, row_, attempt_log_, skipped_, "");
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_NE(text.find(R"(model="x\" status=200)"), std::string::npos) << text;
  EXPECT_LT(text.size(), 600u);
}

}  // namespace
}  // namespace arbstr::proxy
