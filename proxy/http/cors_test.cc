#include "proxy/http/cors.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using Origins = std::vector<std::string>;

const Origins kTwo = {"https://app.example", "http://localhost:3000"};

RequestParser Head(const std::string& method, const std::string& fields) {
  RequestParser head(4096);
  const std::string text = method + " /v1/models HTTP/1.1\r\nHost: g\r\n" + fields + "\r\n";
  EXPECT_EQ(head.PutHead(text).status, ParseStatus::kDone);
  return head;
}

std::string Fields(const Origins& origins, const std::string& request_fields,
                   const std::string& response_fields = "") {
  return CorsFields(origins, Head("GET", request_fields), response_fields);
}

std::optional<Response> Preflight(const Origins& origins, const std::string& fields,
                                  const std::string& method = "OPTIONS") {
  return AnswerPreflight(origins, Head(method, fields));
}

TEST(CorsTest, WithoutOriginsNothingIsSaid) {
  EXPECT_EQ(Fields({}, "Origin: https://app.example\r\n"), "");
  EXPECT_FALSE(Preflight({}, "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"));
}

TEST(CorsTest, AListedPageMayReadTheResponse) {
  for (const auto& origin : kTwo) {
    EXPECT_EQ(Fields(kTwo, "Origin: " + origin + "\r\n"),
              "access-control-allow-origin: " + origin +
                  "\r\naccess-control-expose-headers: x-arbstr-request-id\r\nvary: Origin\r\n");
  }
}

TEST(CorsTest, OnlyExactlyAListedOneMay) {
  for (const char* origin : {"https://app.example.evil", "https://app.example:8443", "http://app.example",
                             "https://APP.example", "https://app.example/", "https://evil-app.example",
                             "null", "", "*", "https://app.example, https://app.example"}) {
    EXPECT_EQ(Fields(kTwo, std::string("Origin: ") + origin + "\r\n"), "vary: Origin\r\n") << origin;
  }
  EXPECT_EQ(Fields(kTwo, "Origin: https://app.example\r\nOrigin: https://app.example\r\n"),
            "vary: Origin\r\n");
}

TEST(CorsTest, ARequestWithoutAnOriginGetsNoOther) { EXPECT_EQ(Fields(kTwo, ""), "vary: Origin\r\n"); }

TEST(CorsTest, AStarIsForEveryPage) {
  for (const char* origin : {"https://anything", "null"}) {
    const std::string fields = Fields({"*"}, std::string("Origin: ") + origin + "\r\n");
    EXPECT_NE(fields.find("access-control-allow-origin: *\r\n"), std::string::npos) << fields;
  }
  EXPECT_EQ(Fields({"*"}, ""), "vary: Origin\r\n");
}

TEST(CorsTest, EveryFieldOfTheResponseIsExposed) {
  const std::string fields = Fields(kTwo, "Origin: https://app.example\r\n",
                                    "content-type: application/json\r\nx-ratelimit-remaining-tokens: 5\r\n"
                                    "retry-after: 1\r\nx-arbstr-provider: a:b\r\n");
  EXPECT_NE(fields.find("access-control-expose-headers: x-arbstr-request-id, x-ratelimit-remaining-tokens, "
                        "retry-after, x-arbstr-provider\r\n"),
            std::string::npos)
      << fields;
}

TEST(CorsTest, APreflightIsAnsweredForAListedPage) {
  const auto response = Preflight(kTwo,
                                  "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n"
                                  "Access-Control-Request-Headers: authorization,x-stainless-os\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(response->fields,
            "access-control-allow-methods: GET, HEAD, POST\r\n"
            "access-control-allow-headers: authorization,x-stainless-os\r\n"
            "vary: Access-Control-Request-Headers\r\naccess-control-max-age: 7200\r\n");
  EXPECT_EQ(response->body, "");
  const std::string cors =
      CorsFields(kTwo, Head("OPTIONS", "Origin: http://localhost:3000\r\n"), response->fields);
  EXPECT_EQ(cors, "access-control-allow-origin: http://localhost:3000\r\nvary: Origin\r\n");
}

TEST(CorsTest, APreflightWithoutHeadersIsAllowedNone) {
  const auto response = Preflight({"*"}, "Origin: https://x\r\nAccess-Control-Request-Method: GET\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->fields.find("allow-headers"), std::string::npos) << response->fields;
}

TEST(CorsTest, WhatIsNoPreflightOfAListedPageIsNotAnswered) {
  const std::string method = "Access-Control-Request-Method: POST\r\n";
  EXPECT_FALSE(Preflight(kTwo, "Origin: https://other.example\r\n" + method));
  EXPECT_FALSE(Preflight(kTwo, "Origin: https://app.example\r\n"));
  EXPECT_FALSE(Preflight(kTwo, method));
  EXPECT_FALSE(Preflight(kTwo, "Origin: https://app.example\r\n" + method, "GET"));
}

}  // namespace
}  // namespace arbstr::proxy
