#include "mock_provider/answer/limit_headers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mock_provider {
namespace {

using nlohmann::json;

std::string HeaderOf(const HttpAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.headers) {
    if (known == name) return value;
  }
  return "";
}

constexpr LimitVerdict::Bucket kHalf{.limit = 60, .left = 30, .full_in_ms = 30'000};

TEST(LimitHeaders, OpenAiSaysHowLongUntilAllIsBack) {
  HttpAnswer answer;
  AddLimitHeaders(Dialect::kOpenAi, {.requests = kHalf}, 0, answer);
  EXPECT_EQ(HeaderOf(answer, "x-ratelimit-limit-requests"), "60");
  EXPECT_EQ(HeaderOf(answer, "x-ratelimit-remaining-requests"), "30");
  EXPECT_EQ(HeaderOf(answer, "x-ratelimit-reset-requests"), "30s");
  EXPECT_EQ(HeaderOf(answer, "x-ratelimit-limit-tokens"), "");
}

TEST(LimitHeaders, AnthropicSaysWhenAllIsBack) {
  HttpAnswer answer;
  AddLimitHeaders(Dialect::kAnthropic, {.tokens = kHalf}, 1'767'225'600'500.0, answer);
  EXPECT_EQ(HeaderOf(answer, "anthropic-ratelimit-tokens-limit"), "60");
  EXPECT_EQ(HeaderOf(answer, "anthropic-ratelimit-tokens-remaining"), "30");
  EXPECT_EQ(HeaderOf(answer, "anthropic-ratelimit-tokens-reset"), "2026-01-01T00:00:31Z");
}

TEST(LimitHeaders, The429IsInTheLimitsOwnNumbers) {
  const LimitVerdict verdict{.hit = LimitVerdict::Hit::kTokens,
                             .limit = 600,
                             .used = 500,
                             .requested = 300,
                             .retry_after_ms = 20'000};
  const ErrorContext context{.model = "gpt-4o", .request_id = "req_1", .key = ""};
  const HttpAnswer openai = MakeLimitAnswer(Dialect::kOpenAi, verdict, context);
  EXPECT_EQ(openai.status, 429);
  EXPECT_EQ(HeaderOf(openai, "retry-after"), "20");
  EXPECT_EQ(HeaderOf(openai, "retry-after-ms"), "20000");
  const json error = json::parse(openai.body)["error"];
  EXPECT_EQ(error["type"], "tokens");
  EXPECT_EQ(error["code"], "rate_limit_exceeded");
  EXPECT_EQ(error["message"],
            "Rate limit reached for gpt-4o in organization org-mock on tokens per min (TPM): Limit 600, Used "
            "500, Requested 300. Please try again in 20s. Visit "
            "https://platform.openai.com/account/rate-limits to learn more.");
  const HttpAnswer azure = MakeLimitAnswer(Dialect::kAzure, verdict, context);
  EXPECT_NE(azure.body.find("exceeded token rate limit"), std::string::npos);
  EXPECT_NE(azure.body.find("retry after 20 seconds"), std::string::npos);
  const HttpAnswer anthropic = MakeLimitAnswer(Dialect::kAnthropic, verdict, context);
  EXPECT_EQ(json::parse(anthropic.body)["error"]["type"], "rate_limit_error");
  EXPECT_EQ(HeaderOf(anthropic, "retry-after"), "20");
  EXPECT_EQ(HeaderOf(anthropic, "retry-after-ms"), "");
}

TEST(LimitHeaders, TheAnswerIsJsonWhateverBytesTheClientSent) {
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic}) {
    for (const auto hit :
         {LimitVerdict::Hit::kRequests, LimitVerdict::Hit::kTokens, LimitVerdict::Hit::kConcurrency})
      EXPECT_TRUE(json::accept(MakeLimitAnswer(dialect, {.hit = hit}, {.model = "\xff"}).body));
  }
}

TEST(LimitHeaders, WhereNoWaitHelpsNoneIsNamed) {
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic}) {
    for (const auto hit : {LimitVerdict::Hit::kTokens, LimitVerdict::Hit::kConcurrency}) {
      const HttpAnswer answer =
          MakeLimitAnswer(dialect, {.hit = hit, .limit = 8, .used = 8, .requested = 9}, {});
      EXPECT_EQ(answer.status, 429);
      EXPECT_EQ(HeaderOf(answer, "retry-after"), "");
      EXPECT_EQ(HeaderOf(answer, "retry-after-ms"), "");
      EXPECT_TRUE(json::accept(answer.body));
    }
  }
}

}  // namespace
}  // namespace mock_provider
