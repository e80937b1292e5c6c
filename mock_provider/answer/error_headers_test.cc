#include <gtest/gtest.h>

#include <map>
#include <string>

#include "mock_provider/answer/error_answer.h"

namespace mock_provider {
namespace {

using Headers = std::map<std::string, std::string>;

Headers Of(Dialect dialect, const ErrorAnswer& error) {
  const HttpAnswer answer = MakeErrorAnswer(
      dialect, error, {.model = "m", .request_id = "req_1", .key = "", .unix_ms = 1'767'225'600'000});
  return {answer.headers.begin(), answer.headers.end()};
}

const ErrorAnswer kRateLimit = {.kind = ErrorKind::kRateLimit, .retry_after_ms = 174};

TEST(ErrorHeaders, OpenAisRateLimitCountsRequestsAndTokensWithGosDurations) {
  EXPECT_EQ(Of(Dialect::kOpenAi, kRateLimit), (Headers{{"content-type", "application/json"},
                                                       {"x-request-id", "req_1"},
                                                       {"x-ratelimit-limit-requests", "500"},
                                                       {"x-ratelimit-limit-tokens", "30000"},
                                                       {"x-ratelimit-remaining-requests", "499"},
                                                       {"x-ratelimit-remaining-tokens", "11072"},
                                                       {"x-ratelimit-reset-requests", "120ms"},
                                                       {"x-ratelimit-reset-tokens", "37.856s"},
                                                       {"retry-after", "1"},
                                                       {"retry-after-ms", "174"}}));
}

TEST(ErrorHeaders, AzuresRateLimitHasSecondsUnderAnOddName) {
  EXPECT_EQ(Of(Dialect::kAzure, kRateLimit), (Headers{{"content-type", "application/json"},
                                                      {"x-request-id", "req_1"},
                                                      {"apim-request-id", "req_1"},
                                                      {"x-ms-region", "Sweden Central"},
                                                      {"policy-id", "DeploymentRatelimit-Token"},
                                                      {"x-ratelimit-remaining-requests", "499"},
                                                      {"x-ratelimit-remaining-tokens", "11072"},
                                                      {"x-rate-limit-reset-tokens", "38"},
                                                      {"retry-after", "1"},
                                                      {"retry-after-ms", "174"}}));
}

TEST(ErrorHeaders, AnthropicHasARequestIdSecondsOnlyAndSaysWhetherToRetry) {
  const Headers limited = Of(Dialect::kAnthropic, kRateLimit);
  EXPECT_EQ(limited.at("request-id"), "req_1");
  EXPECT_EQ(limited.at("retry-after"), "1");
  EXPECT_FALSE(limited.contains("retry-after-ms"));
  EXPECT_EQ(limited.at("x-should-retry"), "true");
  EXPECT_EQ(limited.at("anthropic-ratelimit-requests-limit"), "50");
  EXPECT_EQ(limited.at("anthropic-ratelimit-tokens-limit"), "30000");
  EXPECT_EQ(limited.at("anthropic-ratelimit-input-tokens-remaining"), "11072");
  EXPECT_EQ(limited.at("anthropic-ratelimit-input-tokens-reset"), "2026-01-01T00:00:38Z");
  EXPECT_EQ(limited.at("anthropic-ratelimit-output-tokens-remaining"), "8000");
  const Headers overloaded = Of(Dialect::kAnthropic, {.kind = ErrorKind::kOverloaded});
  EXPECT_EQ(overloaded.at("x-should-retry"), "true");
  EXPECT_FALSE(overloaded.contains("retry-after"));
  EXPECT_EQ(Of(Dialect::kAnthropic, {.kind = ErrorKind::kContextLength}).at("x-should-retry"), "false");
  for (const int status : {408, 409, 425, 429, 500, 502, 503, 504, 529})
    EXPECT_EQ(Of(Dialect::kAnthropic, {.status = status}).at("x-should-retry"), "true") << status;
  for (const int status : {400, 401, 404, 413, 501, 505})
    EXPECT_EQ(Of(Dialect::kAnthropic, {.status = status}).at("x-should-retry"), "false") << status;
}

TEST(ErrorHeaders, ABadGatewayAsksForAWaitOnlyAndHasNoIdOfTheProvider) {
  EXPECT_EQ(Of(Dialect::kOpenAi, {.kind = ErrorKind::kBadGatewayHtml, .retry_after_ms = 1500}),
            (Headers{{"content-type", "text/html"}, {"retry-after", "2"}, {"retry-after-ms", "1500"}}));
}

TEST(ErrorHeaders, AUsedUpQuotaSaysNothingOfWhenToComeBack) {
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAzure, Dialect::kAnthropic}) {
    for (const auto& [name, value] : Of(dialect, {.kind = ErrorKind::kInsufficientQuota})) {
      EXPECT_FALSE(name.starts_with("retry-after") || name.starts_with("x-ratelimit")) << name;
    }
  }
}

}  // namespace
}  // namespace mock_provider
