#include "mock_provider/answer/error_answer.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

namespace mock_provider {
namespace {

using nlohmann::json;

const ErrorContext kContext = {.model = "gpt-x", .request_id = "req_1", .key = "sk-abcdefghijklmnop"};

HttpAnswer Make(const ErrorAnswer& error, Dialect dialect = Dialect::kOpenAi) {
  return MakeErrorAnswer(dialect, error, kContext);
}

std::string HeaderOf(const HttpAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.headers) {
    if (known == name) return value;
  }
  return "absent";
}

TEST(ErrorBodies, EverySymbolHasOpenAisStatusTypeAndCode) {
  struct Expected {
    int status;
    json type, code;
  };
  const std::map<ErrorKind, Expected> expected = {
      {ErrorKind::kRateLimit, {429, "tokens", "rate_limit_exceeded"}},
      {ErrorKind::kInsufficientQuota, {429, "insufficient_quota", "insufficient_quota"}},
      {ErrorKind::kOverloaded, {503, "service_unavailable_error", "server_is_overloaded"}},
      {ErrorKind::kServerError, {500, "server_error", nullptr}},
      {ErrorKind::kContextLength, {400, "invalid_request_error", "context_length_exceeded"}},
      {ErrorKind::kInvalidApiKey, {401, "invalid_request_error", "invalid_api_key"}},
      {ErrorKind::kModelNotFound, {404, "invalid_request_error", "model_not_found"}},
      {ErrorKind::kContentFilter, {400, "invalid_request_error", "content_filter"}},
  };
  for (const auto& [kind, want] : expected) {
    const HttpAnswer answer = Make({.kind = kind});
    const json error = json::parse(answer.body)["error"];
    EXPECT_EQ(answer.status, want.status) << ErrorName(kind);
    EXPECT_EQ(error["type"], want.type) << ErrorName(kind);
    EXPECT_EQ(error["code"], want.code) << ErrorName(kind);
    EXPECT_TRUE(error["message"].is_string() && error.contains("param"));
    EXPECT_EQ(HeaderOf(answer, "x-request-id"), "req_1");
  }
}

TEST(ErrorBodies, EveryStatusHasAJsonBodyInEveryDialect) {
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic}) {
    for (int status = 400; status < 600; ++status) {
      const HttpAnswer answer = Make({.status = status}, dialect);
      EXPECT_EQ(answer.status, status);
      EXPECT_TRUE(json::parse(answer.body)["error"]["message"].is_string());
    }
  }
}

TEST(ErrorBodies, AreJsonWhateverBytesTheClientSent) {
  const ErrorContext context = {
      .model = "\xff\"", .request_id = "req_1", .key = "\xff\xfe\"456789abc\xff\xff"};
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic}) {
    for (const std::string& name : ErrorNames()) {
      const ErrorAnswer error{.kind = *ErrorByName(name)};
      if (error.kind == ErrorKind::kBadGatewayHtml) continue;
      EXPECT_TRUE(json::accept(MakeErrorAnswer(dialect, error, context).body)) << name;
    }
  }
}

TEST(ErrorBodies, RetryAfterComesInSecondsRoundedUpAndInMilliseconds) {
  const HttpAnswer answer = Make({.status = 503, .retry_after_ms = 1500});
  EXPECT_EQ(HeaderOf(answer, "retry-after"), "2");
  EXPECT_EQ(HeaderOf(answer, "retry-after-ms"), "1500");
  EXPECT_EQ(HeaderOf(Make({.status = 503}), "retry-after"), "absent");
}

TEST(ErrorBodies, ARateLimitAlwaysSaysWhenToComeBack) {
  EXPECT_EQ(HeaderOf(Make({.kind = ErrorKind::kRateLimit}), "retry-after"), "1");
  EXPECT_NE(Make({.kind = ErrorKind::kRateLimit, .retry_after_ms = 174}).body.find("try again in 174ms"),
            std::string::npos);
}

TEST(ErrorBodies, AWrongKeyIsQuotedMasked) {
  const std::string body = Make({.kind = ErrorKind::kInvalidApiKey}).body;
  EXPECT_EQ(body.find("abcdefgh"), std::string::npos);
  EXPECT_NE(body.find("sk-ab***op"), std::string::npos);
}

TEST(ErrorBodies, TheBadGatewayIsAWebPage) {
  const HttpAnswer answer = Make({.kind = ErrorKind::kBadGatewayHtml});
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(HeaderOf(answer, "content-type"), "text/html");
  EXPECT_TRUE(answer.body.starts_with("<html>"));
}

TEST(ErrorBodies, AzureAndAnthropicHaveShapesOfTheirOwn) {
  const json azure =
      json::parse(Make({.kind = ErrorKind::kRateLimit, .retry_after_ms = 37'000}, Dialect::kAzure).body);
  EXPECT_EQ(azure["error"]["code"], "429");
  EXPECT_FALSE(azure["error"].contains("type"));
  EXPECT_NE(azure["error"]["message"].get<std::string>().find("after 37 seconds"), std::string::npos);
  const json filter = json::parse(Make({.kind = ErrorKind::kContentFilter}, Dialect::kAzure).body)["error"];
  EXPECT_EQ(filter["innererror"]["code"], "ResponsibleAIPolicyViolation");
  EXPECT_EQ(filter["innererror"]["content_filter_result"]["violence"]["filtered"], true);
  const HttpAnswer overloaded = Make({.kind = ErrorKind::kOverloaded}, Dialect::kAnthropic);
  EXPECT_EQ(overloaded.status, 529);
  EXPECT_EQ(json::parse(overloaded.body)["error"]["type"], "overloaded_error");
  EXPECT_EQ(HeaderOf(overloaded, "request-id"), "req_1");
}

TEST(ErrorBodies, AnErrorEventIsTheBodyAsAnEvent) {
  const ErrorAnswer overloaded{.kind = ErrorKind::kOverloaded};
  EXPECT_EQ(MakeErrorEvent(Dialect::kOpenAi, overloaded, kContext),
            "data: " + Make(overloaded).body + "\n\n");
  EXPECT_TRUE(MakeErrorEvent(Dialect::kAnthropic, overloaded, kContext).starts_with("event: error\ndata: {"));
  EXPECT_EQ(
      MakeErrorEvent(Dialect::kAnthropic, overloaded, kContext),
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"details\":null,\"type\":\"overloaded_error\","
      "\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}\n\n");
  EXPECT_TRUE(
      MakeErrorEvent(Dialect::kAzure, overloaded, kContext).starts_with("data: {\"error\":{\"code\":"));
  EXPECT_TRUE(MakeErrorEvent(Dialect::kOpenAi, {.kind = ErrorKind::kBadGatewayHtml}, kContext)
                  .starts_with("data: {\"error\""));
}

}  // namespace
}  // namespace mock_provider
