// Limits as a client sees them. The clock is moved by hand: waiting as long as the answer says is enough, a
// millisecond less is not.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <nlohmann/json.hpp>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using testing::Ask;
using testing::ChatRequestText;
using testing::RawClient;
using testing::Received;

class LimitsSocketTest : public ::testing::Test {
 protected:
  void Start(const std::string& provider_members) {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a",)" + provider_members + "}]}");
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
    mock_->FreezeClock();
  }

  Received Ask(const std::string& members = "") { return testing::Ask(mock_->port("a"), "m", members); }

  static std::string Status(const Received& received) { return received.bytes.substr(9, 3); }

  static std::string Header(const Received& received, const std::string& name) {
    const std::string head = received.Head() + "\r\n";
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }

  std::unique_ptr<MockProvider> mock_;
};

TEST_F(LimitsSocketTest, WaitingAsLongAsTheAnswerSaysIsEnoughAndLessIsNot) {
  Start(R"("limits":{"rpm":7})");
  for (int i = 0; i < 7; ++i) {
    const Received received = Ask();
    EXPECT_EQ(Status(received), "200");
    EXPECT_EQ(Header(received, "x-ratelimit-limit-requests"), "7");
    EXPECT_EQ(Header(received, "x-ratelimit-remaining-requests"), std::to_string(6 - i));
  }
  for (int round = 0; round < 3; ++round) {
    const Received refused = Ask();
    ASSERT_EQ(Status(refused), "429");
    EXPECT_EQ(Header(refused, "x-ratelimit-remaining-requests"), "0");
    const int wait = std::atoi(Header(refused, "retry-after-ms").c_str());
    ASSERT_GT(wait, 1);
    EXPECT_EQ(Header(refused, "retry-after"), std::to_string((wait + 999) / 1000));
    mock_->AdvanceClock(milliseconds(wait - 1));
    EXPECT_EQ(Status(Ask()), "429");
    mock_->AdvanceClock(milliseconds(1));
    EXPECT_EQ(Status(Ask()), "200");
  }
}

TEST_F(LimitsSocketTest, AfterTheResetThatAnAnswerNamesTheWholeLimitIsBack) {
  Start(R"("limits":{"rpm":4})");
  Ask();
  EXPECT_EQ(Header(Ask(), "x-ratelimit-reset-requests"), "30s");
  mock_->AdvanceClock(milliseconds(29'999));
  mock_->AdvanceClock(milliseconds(1));
  EXPECT_EQ(Header(Ask(), "x-ratelimit-remaining-requests"), "3");
}

TEST_F(LimitsSocketTest, TokensAreThePromptsWordsAndTheTokensAskedFor) {
  Start(R"("limits":{"tpm":100})");
  const Received received = Ask(R"(,"max_tokens":58)");  // and two words of prompt
  EXPECT_EQ(Header(received, "x-ratelimit-remaining-tokens"), "40");
  EXPECT_EQ(Header(received, "x-ratelimit-reset-tokens"), "36s");
  const Received refused = Ask(R"(,"max_completion_tokens":58)");
  EXPECT_EQ(Status(refused), "429");
  EXPECT_EQ(Header(refused, "retry-after-ms"), "12000");
  const std::string message = json::parse(refused.Body())["error"]["message"];
  EXPECT_NE(message.find("Limit 100, Used 60, Requested 60"), std::string::npos) << message;
  const Received huge = Ask(R"(,"max_tokens":5000)");
  EXPECT_EQ(Status(huge), "429");
  EXPECT_EQ(Header(huge, "retry-after"), "");
}

TEST_F(LimitsSocketTest, AReplyThatStatesItsUsageIsChargedWithThat) {
  const auto left = [&](const std::string& reply, const std::string& members = "") {
    Start(R"("limits":{"tpm":1000},"rules":[{"script":[{"reply":)" + reply + "}]}]");
    return Header(Ask(members), "x-ratelimit-remaining-tokens");
  };
  const std::string usage = R"({"usage":{"prompt_tokens":300,"completion_tokens":400}})";
  EXPECT_EQ(left(usage), "300");
  EXPECT_EQ(left(usage, R"(,"max_tokens":900)"), "300") << "what was counted too many comes back";
  EXPECT_EQ(left(usage, R"(,"stream":true)"), "300") << "said or not";
  EXPECT_EQ(left(R"({"text":"a b c","usage":{"prompt_tokens":500}})"), "497");
  EXPECT_EQ(left(R"({"usage":{"total_tokens":7}})"), "993");
  EXPECT_EQ(left(R"({"body":{"usage":{"total_tokens":250}}})"), "750");
  EXPECT_EQ(left(R"({"usage":{"total_tokens":5000}})"), "0");
  EXPECT_EQ(Header(Ask(), "retry-after-ms"), "240120") << "until two words are there";
  for (const char* reply :
       {R"({"text":"a b c"})", R"({"usage":null})", R"({"body":{"usage":{"total_tokens":1.5}}})",
        R"({"body":"no JSON"})", R"({"body":{"id":"x"}})"})
    EXPECT_EQ(left(reply), "998") << reply;
  EXPECT_EQ(left(usage, R"(,"n":0)"), "998") << "a refusal has none";
}

TEST_F(LimitsSocketTest, AskingForMoreTokensThanANumberHoldsIsAskingForTooMany) {
  Start(R"("limits":{"tpm":100})");
  EXPECT_EQ(Status(Ask(R"(,"max_tokens":9223372036854775807)")), "429");
  EXPECT_EQ(Header(Ask(R"(,"max_tokens":58)"), "x-ratelimit-remaining-tokens"), "40");
}

TEST_F(LimitsSocketTest, HungRequestsFillTheConcurrencyUntilTheyAreOver) {
  Start(
      R"("limits":{"concurrency":2},"rules":[{"match":{"model":"hang"},"script":[{"hang":{"for_ms":1000,"end":"reply"}}]}])");
  std::deque<RawClient> hung;
  for (int i = 0; i < 2; ++i) {
    hung.emplace_back(mock_->port("a"));
    hung.back().Send(ChatRequestText("hang"));
  }
  ASSERT_TRUE(mock_->WaitForJournal(milliseconds(10'000), [](const auto& e) { return e.size() == 2; }));
  EXPECT_EQ(Status(Ask()), "429");
  mock_->AdvanceClock(milliseconds(1000));
  for (RawClient& client : hung) EXPECT_EQ(client.ReadUntil("}}").bytes.substr(9, 3), "200");
  EXPECT_EQ(Status(Ask()), "200");
}

TEST_F(LimitsSocketTest, ARefusedRequestClaimsNoStepAndAnErrorOfARuleShowsTheLimitsToo) {
  Start(R"("limits":{"rpm":1},"rules":[{"script":[{"error":503},{"error":500}]}])");
  const Received error = Ask();
  EXPECT_EQ(Status(error), "503");
  EXPECT_EQ(Header(error, "x-ratelimit-remaining-requests"), "0");
  EXPECT_EQ(Status(Ask()), "429");
  mock_->AdvanceClock(milliseconds(60'000));
  EXPECT_EQ(Status(Ask()), "500");
  const auto journal = mock_->Journal();
  EXPECT_FALSE(journal.at(1).hit.rule);
  EXPECT_EQ(journal.at(1).status, 429);
  EXPECT_EQ(journal.at(1).retry_after_ms, 60'000);
}

TEST_F(LimitsSocketTest, ARateLimitOfARuleSpeaksOfTheProvidersLimits) {
  const std::string rules =
      R"(,"rules":[{"script":[{"error":"rate_limit","retry_after_ms":2000},{"error":429},{"error":"insufficient_quota"}]}])";
  Start(R"("limits":{"rpm":10,"tpm":100})" + rules);
  const Received tokens = Ask(R"(,"max_tokens":58)");  // and two words of prompt
  EXPECT_EQ(Header(tokens, "x-ratelimit-limit-tokens"), "100");
  EXPECT_EQ(Header(tokens, "x-ratelimit-remaining-tokens"), "40");
  EXPECT_EQ(Header(tokens, "retry-after-ms"), "2000");
  const json error = json::parse(tokens.Body())["error"];
  EXPECT_EQ(error["type"], "tokens");
  const std::string message = error["message"];
  EXPECT_NE(
      message.find("on tokens per min (TPM): Limit 100, Used 60, Requested 60. Please try again in 2s."),
      std::string::npos)
      << message;
  EXPECT_NE(Ask().Body().find("Limit 100, Used 62, Requested 2."), std::string::npos);
  EXPECT_NE(Ask().Body().find("exceeded your current quota"), std::string::npos);
  Start(R"("limits":{"rpm":10})" + rules);
  EXPECT_NE(Ask().Body().find("on requests per min (RPM): Limit 10, Used 1, Requested 1."),
            std::string::npos);
  Start(R"("limits":{"concurrency":3})" + rules);
  EXPECT_NE(Ask().Body().find("Limit 30000, Used "), std::string::npos) << "those of no bucket are made up";
}

TEST_F(LimitsSocketTest, AzuresRateLimitHasNoHeadersButTheLimits) {
  Start(R"("dialect":"azure","limits":{"rpm":10},"rules":[{"script":[{"error":"rate_limit"}]}])");
  const Received received = Ask();
  EXPECT_EQ(Header(received, "x-ratelimit-remaining-requests"), "9");
  EXPECT_EQ(Header(received, "x-rate-limit-reset-tokens"), "");
  EXPECT_NE(received.Body().find("exceeded call rate limit"), std::string::npos);
  EXPECT_NE(received.Body().find("retry after 1 seconds"), std::string::npos);
}

TEST_F(LimitsSocketTest, AnthropicNamesTheTimeOfDay) {
  Start(R"("dialect":"anthropic","limits":{"rpm":1})");
  const Received received = Ask();
  const std::string reset = Header(received, "anthropic-ratelimit-requests-reset");
  ASSERT_EQ(reset.size(), 20u) << received.Head();
  EXPECT_EQ(reset.substr(10, 1), "T");
  EXPECT_EQ(reset.back(), 'Z');
  EXPECT_EQ(Header(received, "anthropic-ratelimit-requests-limit"), "1");
  const Received refused = Ask();
  EXPECT_EQ(Status(refused), "429");
  EXPECT_EQ(Header(refused, "retry-after"), "60");
  EXPECT_EQ(Header(refused, "retry-after-ms"), "");
}

TEST_F(LimitsSocketTest, AResetFillsTheBuckets) {
  Start(R"("limits":{"rpm":1})");
  Ask();
  EXPECT_EQ(Status(Ask()), "429");
  mock_->Reset();
  EXPECT_EQ(Status(Ask()), "200");
}

TEST_F(LimitsSocketTest, ListingModelsIsFreeAndShowsTheLimits) {
  Start(R"("limits":{"rpm":2})");
  for (int i = 0; i < 5; ++i) {
    RawClient client(mock_->port("a"));
    client.Send("GET /v1/models HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(Header(client.ReadToEnd(), "x-ratelimit-remaining-requests"), "2");
  }
}

}  // namespace
}  // namespace mock_provider
