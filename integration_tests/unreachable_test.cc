// Providers that cannot be reached, and connections that died in the pool.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"
#include "integration_tests/loopback_listener.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

class UnreachableTest : public GatewayTest {
 protected:
  // A provider at `url`, cheaper than the healthy mock `beta`.
  void StartBefore(const std::string& url, const std::string& retry) {
    StartMocks(R"({"providers":[{"name":"beta"}]})");
    StartGatewayWith(ServerToml() + "[retry]\nbackoff_ms = [1]\njitter = 0\n" + retry +
                     "[[providers]]\nname = \"alpha\"\nurl = \"" + url +
                     "\"\n[[providers]]\nname = \"beta\"\nbase_fee = 5\nurl = \"" + mocks().Url("beta") +
                     "/v1\"\n");
  }
};

TEST_F(UnreachableTest, ARefusedConnectionIsRetriedThenPassedToTheFallback) {
  const LoopbackListener nobody(LoopbackListener::kRefusing);
  StartBefore(nobody.url(), "");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
}

TEST_F(UnreachableTest, AConnectThatTimesOutGoesStraightToTheNextCandidate) {
  const LoopbackListener full(0);
  std::vector<HttpClient> fillers;
  for (int i = 0; i < 2; ++i) fillers.emplace_back(full.port(), HttpClient::Wait::kNo);
  StartBefore(full.url(), "connect_timeout_ms = 120\n");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
  const Row row = OnlyRow();
  EXPECT_EQ(nlohmann::json::parse(row.attempt_log.value_or("[]"))[0]["status"], 502);
}

TEST_F(UnreachableTest, ANameThatDoesNotResolveIsA502) {
  StartBefore("http://no-such-host.invalid/v1", "fallbacks = 0\nmax_retries = 0\n");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("no-such-host.invalid"), std::string::npos);
  EXPECT_EQ(response.Header("x-should-retry"), "false");
}

TEST_F(UnreachableTest, NoAttemptAtAProviderThatSpeaksNoTlsGetsTheKey) {
  StartMocks(R"({"providers":[{"name":"plain"}]})");
  StartGatewayWith(ServerToml() +
                   "[retry]\nmax_retries = 0\n[[providers]]\nname = \"plain\"\napi_key = "
                   "\"sk-secret-0123456789\"\nurl = "
                   "\"https://127.0.0.1:" +
                   std::to_string(mocks().port("plain")) + "/v1\"\n");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("TLS"), std::string::npos) << response.body;
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(UnreachableTest, AConnectionThatDiedInThePoolIsReplacedSilently) {
  Start(R"({"providers":[{"name":"alpha","rules":[
      {"match":{"model":"dies"},"key":"connection","script":[{"fault":"reset"}]}]}]})",
        {.server = "threads = 1\n"});
  EXPECT_EQ(Chat().status, 200);  // leaves a connection in the pool
  // The rule resets whatever connection it meets: the pooled one first, silently, then the new one, an
  // attempt.
  const Response response = Chat("dies");
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/alpha");
  EXPECT_EQ(Journal().size(), 1u + 4u);
}

// Who has begun to answer has had the request, and it may have cost money.
TEST_F(UnreachableTest, AConnectionOfThePoolThatDiesInTheMiddleOfAnAnswerIsAFailedAttempt) {
  RawProvider provider;
  StartGatewayWith(ServerToml("threads = 1\n") +
                   "[retry]\nmax_retries = 0\n[[providers]]\nname = \"raw\"\nurl = \"" + provider.url() +
                   "\"\n");
  provider.Answer({.pieces = {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"}, .end = RawEnd::kKeepAlive});
  EXPECT_EQ(Chat().status, 200);
  provider.Answer({.pieces = {"HTTP/1.1 200 OK\r\nconte"}});
  EXPECT_EQ(Chat().status, 502);
  EXPECT_EQ(provider.asked(), 1u);
}

}  // namespace
}  // namespace integration_tests
