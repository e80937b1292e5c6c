#include "proxy/chat/answers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "proxy/chat/sats.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::json;

const std::string kKey = "sk-0123456789abcdef";

Upstream Provider() {
  Upstream upstream;
  upstream.config.name = "alpha";
  upstream.secrets = {kKey};
  return upstream;
}

AttemptResult Failed(int status, const std::string& body, const std::string& error = "") {
  AttemptResult result(1 << 20);
  result.status = status;
  result.responded = true;
  result.code = "upstream_error";
  result.error = error;
  result.body.Append(body);
  return result;
}

Response FailureOf(AttemptResult result) {
  simdjson::dom::parser parser;
  return FailureResponse(std::move(result), Provider(), parser);
}

Json ErrorOf(const Response& response) { return Json::parse(response.body_view())["error"]; }

TEST(AnswersTest, SatsHaveTwoToSixDecimals) {
  const std::pair<double, const char*> cases[] = {
      {0, "0.00"},
      {12.5, "12.50"},
      {0.012345, "0.012345"},
      {0.0123456, "0.012346"},
      {1, "1.00"},
      {0.1, "0.10"},
      {1.001, "1.001"},
      {1234567.891, "1234567.891"},
      {0.0000004, "0.00"},
      {0.0000006, "0.000001"},
      {1e15, "1000000000000000.00"},
      {0.999999999, "1.00"},
  };
  for (const auto& [sats, text] : cases) EXPECT_EQ(FormatSats(sats), text);
}

TEST(AnswersTest, WhatAClientMadeUpIsQuotedInPart) {
  ChatRequest request;
  request.model = std::string(60'000, 'm');
  const std::string policy(60'000, 'p');
  for (const auto error : {router::RouteError::kModelNotFound, router::RouteError::kPolicyNotFound,
                           router::RouteError::kPolicyNoMatch}) {
    const std::string message = RouteApiError(error, request, policy).message;
    EXPECT_LT(message.size(), 600u);
    EXPECT_GT(message.size(), 200u);
  }
}

TEST(AnswersTest, AnOpenAiShapedErrorIsPassedOnByteForByte) {
  AttemptResult last = Failed(400, "{ \"error\" : {\"message\":\"No\", \"more\":[1]} }\n");
  last.fields = "content-type: application/json\r\nretry-after: 7\r\n";
  const Response response = FailureOf(std::move(last));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body_view(), "{ \"error\" : {\"message\":\"No\", \"more\":[1]} }\n");
  EXPECT_EQ(response.fields, "content-type: application/json\r\nretry-after: 7\r\n");
  EXPECT_TRUE(response.provider_body);
}

TEST(AnswersTest, ItsKeyIsMaskedInIt) {
  const Response response = FailureOf(
      Failed(401, R"({"error":{"message":"Bad key )" + kKey + R"(","key":"sk-012\u0033456789abcdef"}})"));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body_view(), R"({"error":{"message":"Bad key sk-01…","key":"sk-01…"}})");
}

TEST(AnswersTest, AnyOtherBodyIsQuotedInAnErrorOfOurs) {
  AttemptResult last = Failed(503, "<html>down</html>", "<html>down</html>");
  last.fields = "content-type: text/html\r\ncontent-encoding: x\r\nretry-after: 7\r\nx-request-id: r\r\n";
  const Response response = FailureOf(std::move(last));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(ErrorOf(response)["message"], "Provider alpha answered 503: <html>down</html>");
  EXPECT_EQ(ErrorOf(response)["type"], "arbstr_error");
  EXPECT_EQ(ErrorOf(response)["code"], "upstream_error");
  EXPECT_EQ(
      response.fields,
      "content-type: application/json\r\nretry-after: 7\r\nx-request-id: r\r\nx-should-retry: false\r\n");
}

TEST(AnswersTest, WithoutAResponseTheStatusIsTheCountedOne) {
  AttemptResult last = Failed(502, "", "cannot connect: refused");
  last.responded = false;
  last.code = "upstream_unreachable";
  const Response response = FailureOf(std::move(last));
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(ErrorOf(response)["message"], "Provider alpha: cannot connect: refused");
  EXPECT_EQ(ErrorOf(response)["code"], "upstream_unreachable");
}

TEST(AnswersTest, WhatCouldBeRetriedHasBeen) {
  for (const int status : {400, 401, 404, 429, 500, 501, 502, 503, 504, 529}) {
    for (const char* body : {R"({"error":{"message":"x"}})", "x"}) {
      AttemptResult last = Failed(status, body, "x");
      last.fields = "X-Should-Retry: true\r\n";
      const std::string fields = FailureOf(std::move(last)).fields;
      const bool ours = status >= 502 && status <= 504;
      EXPECT_EQ(fields.find("x-should-retry: false\r\n") != std::string::npos, ours) << status;
      EXPECT_EQ(fields.find("X-Should-Retry: true\r\n") != std::string::npos, !ours) << status;
    }
  }
}

TEST(AnswersTest, ASuccessIsTheProvidersByteForByte) {
  AttemptResult answer = Failed(201, "anything \xff");
  answer.fields = "content-type: text/plain\r\n";
  const Response response = SuccessResponse(std::move(answer));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.fields, "content-type: text/plain\r\n");
  EXPECT_EQ(response.body_view(), "anything \xff");
}

TEST(AnswersTest, RoutingErrorsSayWhatToDo) {
  ChatRequest request;
  request.model = "gpt-9";
  const ApiError model = RouteApiError(router::RouteError::kModelNotFound, request, "");
  EXPECT_EQ(model.status, 400);
  EXPECT_EQ(model.code, "model_not_found");
  EXPECT_EQ(model.param, "model");
  EXPECT_NE(model.message.find("gpt-9"), std::string::npos);
  const ApiError unknown = RouteApiError(router::RouteError::kPolicyNotFound, request, "cheap");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.code, "policy_not_found");
  EXPECT_NE(unknown.message.find("cheap"), std::string::npos);
  const ApiError none = RouteApiError(router::RouteError::kPolicyNoMatch, request, "cheap");
  EXPECT_EQ(none.status, 400);
  EXPECT_EQ(none.code, "policy_no_match");
}

TEST(AnswersTest, TheDeadlineNamesItsLimitAndHowToRaiseIt) {
  const ApiError error =
      DeadlineApiError({std::chrono::milliseconds(30'000), RequestDeadline::Source::kDefault, "",
                        std::chrono::milliseconds(600'000), std::chrono::milliseconds(30'000)});
  EXPECT_EQ(error.status, 504);
  EXPECT_EQ(error.code, "deadline_exceeded");
  for (const char* part : {"30000 ms (retry.deadline_ms)", "x-arbstr-deadline-ms", "600000"}) {
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
  }
  const ApiError long_one =
      DeadlineApiError({std::chrono::milliseconds(600'000), RequestDeadline::Source::kModel, "o3*",
                        std::chrono::milliseconds(600'000), std::chrono::milliseconds(600'000)});
  EXPECT_EQ(long_one.message.find("x-arbstr-deadline-ms"), std::string::npos)
      << "which could ask for no more: " << long_one.message;
  EXPECT_EQ(LogUnavailableApiError().status, 503);
  EXPECT_EQ(LogUnavailableApiError().code, "log_unavailable");
  EXPECT_EQ(ShutdownApiError().status, 503);
}

TEST(AnswersTest, RouteFieldsAreThereWhereThereIsSomethingToSay) {
  std::string fields;
  AddRouteFields(fields, nullptr, "");
  EXPECT_EQ(fields, "");
  const std::string name = "alpha";
  AddRouteFields(fields, &name, "2/beta, 1/alpha");
  EXPECT_EQ(fields, "x-arbstr-provider: alpha\r\nx-arbstr-retries: 2/beta, 1/alpha\r\n");
}

}  // namespace
}  // namespace arbstr::proxy
