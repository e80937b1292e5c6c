// Web pages of other origins: those that server.cors_origins lists may call and read every answer, all others
// get nothing that a browser would let them read.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

constexpr const char* kPage = "https://app.example";
const std::string kListed = "cors_origins = [\"https://app.example\", \"http://localhost:3000\"]\n";

std::string Preflight(const std::string& target, const std::string& origin) {
  return "OPTIONS " + target + " HTTP/1.1\r\nHost: g\r\nOrigin: " + origin +
         "\r\nAccess-Control-Request-Method: POST\r\n"
         "Access-Control-Request-Headers: authorization,content-type,x-stainless-os\r\n\r\n";
}

bool Exposes(const Response& response, const std::string& name) {
  return (", " + response.Header("access-control-expose-headers") + ",").find(", " + name + ",") !=
         std::string::npos;
}

::testing::AssertionResult NoCorsHeaders(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name.starts_with("access-control-")) return ::testing::AssertionFailure() << name << ": " << value;
  }
  return ::testing::AssertionSuccess();
}

class CorsTest : public GatewayTest {};

TEST_F(CorsTest, APreflightOfAListedPageIsAnsweredWithoutATokenOnEveryRoute) {
  Start(R"({})", {.server = kListed + "auth_token = \"right-token\"\n"});
  for (const char* target : {"/v1/chat/completions", "/v1/models", "/health", "/nowhere"}) {
    const Response response = Ask(port(), Preflight(target, kPage));
    EXPECT_EQ(response.status, 204) << target;
    EXPECT_TRUE(response.complete);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.Header("access-control-allow-origin"), kPage);
    EXPECT_EQ(response.Header("access-control-allow-methods"), "GET, HEAD, POST");
    EXPECT_EQ(response.Header("access-control-allow-headers"), "authorization,content-type,x-stainless-os");
    EXPECT_EQ(response.Header("access-control-max-age"), "7200");
    EXPECT_TRUE(response.Has("vary"));
    EXPECT_FALSE(response.Has("access-control-allow-credentials"));
  }
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(CorsTest, ThePageMayReadEveryAnswerErrorsAndStreamsIncluded) {
  Start(R"({"rules":[{"match":{"model":"limited"},"script":[{"error":"rate_limit"}]}]})",
        {.server = kListed + "auth_token = \"right-token\"\n"});
  const Fields page = {{"Origin", kPage}, {"Authorization", "Bearer right-token"}};
  const Response plain = Chat("gpt-4o", "", page);
  EXPECT_EQ(plain.status, 200);
  for (const char* name : {"x-arbstr-request-id", "x-arbstr-provider", "x-arbstr-latency-ms",
                           "x-arbstr-cost-sats", "x-request-id"}) {
    EXPECT_TRUE(plain.Has(name)) << name;
    EXPECT_TRUE(Exposes(plain, name)) << name;
  }
  const Response stream = Stream("gpt-4o", "", page);
  EXPECT_TRUE(stream.body.ends_with("data: [DONE]\n\n"));
  EXPECT_TRUE(Exposes(stream, "x-arbstr-streaming"));
  const Response limited = Chat("limited", "", page);
  EXPECT_EQ(limited.status, 429);
  EXPECT_TRUE(Exposes(limited, "retry-after"));
  EXPECT_TRUE(limited.Has("x-ratelimit-remaining-requests"));
  EXPECT_TRUE(Exposes(limited, "x-ratelimit-remaining-requests"));
  const Response unauthorized = Chat("gpt-4o", "", {{"Origin", kPage}});
  EXPECT_EQ(unauthorized.status, 401);
  const Response not_found = Ask(port(), Get("/nowhere", page));
  EXPECT_EQ(not_found.status, 404);
  const Response too_large =
      Ask(port(), std::string("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nOrigin: ") + kPage +
                      "\r\nAuthorization: Bearer right-token\r\nContent-Type: application/json\r\n"
                      "Content-Length: 99999999999\r\n\r\n");
  EXPECT_EQ(too_large.status, 413);
  for (const Response* response : {&plain, &stream, &limited, &unauthorized, &not_found, &too_large}) {
    EXPECT_EQ(response->Header("access-control-allow-origin"), kPage) << response->status;
    EXPECT_EQ(response->Header("vary"), "Origin") << response->status;
  }
}

TEST_F(CorsTest, AnotherPageGetsNothingOfIt) {
  Start(R"({})", {.server = kListed});
  for (const char* origin :
       {"https://app.example.evil", "https://app.example:8443", "null", "https://APP.example"}) {
    const Response preflight = Ask(port(), Preflight("/v1/chat/completions", origin));
    EXPECT_TRUE(IsOurError(preflight, 405, ""));
    EXPECT_TRUE(NoCorsHeaders(preflight)) << origin;
    EXPECT_TRUE(NoCorsHeaders(Chat("gpt-4o", "", {{"Origin", origin}}))) << origin;
    EXPECT_TRUE(NoCorsHeaders(Stream("gpt-4o", "", {{"Origin", origin}}))) << origin;
  }
}

TEST_F(CorsTest, AStarIsForEveryPage) {
  Start(R"({})", {.server = "cors_origins = [\"*\"]\n"});
  EXPECT_EQ(Ask(port(), Preflight("/v1/chat/completions", "https://any.example")).status, 204);
  EXPECT_EQ(Chat("gpt-4o", "", {{"Origin", "null"}}).Header("access-control-allow-origin"), "*");
}

TEST_F(CorsTest, WithoutOriginsThereIsNoneOfThis) {
  Start(R"({})");
  const Response preflight = Ask(port(), Preflight("/v1/chat/completions", kPage));
  EXPECT_TRUE(IsOurError(preflight, 405, ""));
  for (const Response& response :
       {preflight, Chat("gpt-4o", "", {{"Origin", kPage}}), Stream("gpt-4o", "", {{"Origin", kPage}})}) {
    EXPECT_TRUE(NoCorsHeaders(response));
    EXPECT_FALSE(response.Has("vary"));
  }
}

}  // namespace
}  // namespace integration_tests
