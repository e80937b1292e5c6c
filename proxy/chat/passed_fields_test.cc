#include "proxy/chat/passed_fields.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

std::string Upwards(const std::string& fields,
                    const std::vector<std::pair<std::string, std::string>>& given = {}) {
  RequestParser head(65536);
  EXPECT_EQ(head.PutHead("POST / HTTP/1.1\r\nHost: gateway\r\n" + fields + "\r\n").status, ParseStatus::kDone)
      << fields;
  return RequestFieldsPassedOn(head, "id-1", given);
}

std::string Downwards(const std::string& fields, const std::vector<std::string>& secrets = {}) {
  ResponseParser head(65536);
  EXPECT_EQ(head.PutHead("HTTP/1.1 200 OK\r\n" + fields + "\r\n").status, ParseStatus::kDone) << fields;
  return ResponseFieldsPassedOn(head, secrets);
}

TEST(PassedFieldsTest, OfARequestFiveFieldsGoUpAndTheIdIsTheIdempotencyKey) {
  EXPECT_EQ(
      Upwards(
          "Content-Type: application/json\r\nACCEPT: text/event-stream\r\nUser-Agent: sdk/1\r\ntraceparent: "
          "00-a\r\nTraceState: b\r\n"),
      "content-type: application/json\r\naccept: text/event-stream\r\nuser-agent: sdk/1\r\ntraceparent: "
      "00-a\r\ntracestate: b\r\nidempotency-key: id-1\r\n");
}

TEST(PassedFieldsTest, NothingElseOfTheClientsGoesUp) {
  EXPECT_EQ(
      Upwards(
          "Authorization: Bearer client\r\nCookie: c\r\napi-key: c\r\nIdempotency-Key: c\r\nX-Arbstr-Policy: "
          "p\r\nConnection: close\r\nAccept-Encoding: gzip\r\nContent-Length: 5\r\nX-Forwarded-For: "
          "1.1.1.1\r\nOpenAI-Organization: o\r\nExpect: 100-continue\r\n"),
      "idempotency-key: id-1\r\n");
}

TEST(PassedFieldsTest, AFieldThatComesTwiceGoesUpTwice) {
  EXPECT_EQ(Upwards("tracestate: a=1\r\ntracestate: b=2\r\n"),
            "tracestate: a=1\r\ntracestate: b=2\r\nidempotency-key: id-1\r\n");
}

TEST(PassedFieldsTest, AFieldThatTheProviderIsGivenIsNotTheClients) {
  EXPECT_EQ(Upwards("User-Agent: theirs\r\nAccept: a\r\n", {{"USER-AGENT", "ours"}, {"x-team", "1"}}),
            "accept: a\r\nidempotency-key: id-1\r\n");
}

TEST(PassedFieldsTest, OfAResponseTheNamedFieldsComeDown) {
  const std::string passed =
      "x-ratelimit-limit-requests: 1\r\nX-RateLimit-Reset-Tokens: 6m0s\r\nretry-after: 5\r\nRetry-After-Ms: "
      "5\r\nX-Should-Retry: true\r\nopenai-processing-ms: 5\r\nOpenAI-Organization: o\r\nX-Request-Id: "
      "r\r\nContent-Type: application/json\r\nContent-Encoding: identity\r\n";
  EXPECT_EQ(Downwards(passed), passed);
}

TEST(PassedFieldsTest, NothingElseOfTheProvidersComesDown) {
  EXPECT_EQ(
      Downwards(
          "Set-Cookie: s\r\nServer: s\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nx-arbstr-"
          "provider: forged\r\nx-arbstr-cost-sats: 0\r\nLocation: /\r\nDate: d\r\nAccess-Control-Allow-"
          "Origin: *\r\nx-ratelimit-: e\r\nopenai-: e\r\nx-ratelimit: e\r\nwww-authenticate: b\r\n"),
      "");
  EXPECT_EQ(Downwards("Content-Length: 5\r\n"), "");
}

TEST(PassedFieldsTest, ASecretIsMaskedWhereAFieldMayQuoteItAndBreaksNone) {
  EXPECT_EQ(Downwards("x-request-id: for sk-0123456789\r\n", {"sk-0123456789"}),
            "x-request-id: for sk-0…\r\n");
  const std::string fields =
      "content-type: application/json\r\nretry-after-ms: 1500\r\nx-should-retry: true\r\nX-Request-Id: r\r\n"
      "x-ratelimit-limit-requests: 1\r\n";
  EXPECT_EQ(Downwards(fields, {"application", "request", "-type", "1500", "true"}), fields);
}

TEST(PassedFieldsTest, AFieldIsTakenOutInEitherCaseAndEverywhere) {
  const std::string fields = "a: 1\r\nX-B: 2\r\nx-bb: 3\r\nx-b: 4\r\n";
  EXPECT_EQ(WithoutField(fields, "x-b"), "a: 1\r\nx-bb: 3\r\n");
  EXPECT_EQ(WithoutField(fields, "A"), "X-B: 2\r\nx-bb: 3\r\nx-b: 4\r\n");
  EXPECT_EQ(WithoutField(fields, "c"), fields);
  EXPECT_EQ(WithoutField("", "c"), "");
}

}  // namespace
}  // namespace arbstr::proxy
