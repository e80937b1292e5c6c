#include "mock_provider/upstream/relay_judge.h"

#include <gtest/gtest.h>

#include <string>

namespace mock_provider {
namespace {

const HttpRequest kChat{.method = "POST", .target = "/v1/chat/completions?x=1"};
const HttpRequest kOther{.method = "POST", .target = "/v1/responses"};

bool Broken(const std::string& body, const HttpRequest& request = kChat, int status = 200,
            const std::string& type = "application/json") {
  return IsBrokenByItself(request, {.status = status, .headers = {{"content-type", type}}}, body);
}

bool BrokenStream(const std::string& body, const HttpRequest& request = kChat) {
  return IsBrokenByItself(request, {.status = 200, .events = true}, body);
}

TEST(RelayJudge, JsonThatIsNoneIsBrokenWhateverItsStatus) {
  EXPECT_FALSE(Broken("{}"));
  EXPECT_FALSE(Broken(R"({"error":{}})", kChat, 503)) << "a whole error is no broken answer";
  for (const char* body : {"", "{", "<html>"}) {
    EXPECT_TRUE(Broken(body)) << body;
    EXPECT_TRUE(Broken(body, kOther)) << body;
    EXPECT_TRUE(Broken(body, kChat, 503)) << body;
  }
}

TEST(RelayJudge, OnlyAChatHasToBeAnsweredInJson) {
  EXPECT_TRUE(Broken("<html>", kChat, 200, "text/html"));
  EXPECT_FALSE(Broken("<html>", kOther, 200, "text/html"));
  EXPECT_FALSE(Broken("<html>", kChat, 502, "text/html"));
}

TEST(RelayJudge, WhatHasNoBodyOrCannotBeReadIsNotJudged) {
  EXPECT_FALSE(Broken("", {.method = "HEAD", .target = "/v1/chat/completions"}));
  EXPECT_FALSE(Broken("", kChat, 204));
  EXPECT_FALSE(IsBrokenByItself(
      kChat, {.status = 200, .headers = {{"content-type", "application/json"}, {"content-encoding", "gzip"}}},
      "\x1f\x8b"));
}

TEST(RelayJudge, AStreamIsWholeWithDone) {
  EXPECT_FALSE(BrokenStream("data: {}\n\n: here\n\ndata: {\"error\":null}\n\ndata: [DONE]\n\n"));
  EXPECT_FALSE(BrokenStream("data:{}\r\n\r\ndata:[DONE]\r\n\r\n"));
  EXPECT_TRUE(BrokenStream("data: {}\n\n"));
  EXPECT_FALSE(BrokenStream("event: end\ndata: {}\n\n", kOther)) << "others end in ways of their own";
}

TEST(RelayJudge, AStreamWithAnErrorWithoutEventsOrWithOneThatIsNoJsonIsBroken) {
  for (const HttpRequest& request : {kChat, kOther}) {
    EXPECT_TRUE(BrokenStream("data: {\"error\":{}}\n\ndata: [DONE]\n\n", request));
    EXPECT_TRUE(BrokenStream("event: error\ndata: {\"type\":\"error\"}\n\ndata: [DONE]\n\n", request));
    EXPECT_TRUE(BrokenStream("data: {\"oops\n\ndata: [DONE]\n\n", request));
    EXPECT_TRUE(BrokenStream("", request));
    EXPECT_TRUE(BrokenStream(": only a comment\n\n", request));
  }
}

}  // namespace
}  // namespace mock_provider
