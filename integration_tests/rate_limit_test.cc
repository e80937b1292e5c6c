// server.rate_limit_rps: what is too much is refused at once, without a row and without a provider's notice.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class RateLimitTest : public GatewayTest {
 protected:
  // Asks until it is refused, which on a slow machine may take more requests than a second's worth.
  Response AskUntilRefused(const std::string& request, std::size_t& answered) {
    Response response;
    EXPECT_TRUE(WaitUntil([&] {
      response = Ask(port(), request);
      if (response.status != 429) ++answered;
      return response.status == 429;
    }));
    return response;
  }
};

TEST_F(RateLimitTest, ARequestTooManyIsA429WithoutARow) {
  Start(R"({})", {.server = "rate_limit_rps = 2\n"});
  std::size_t answered = 0;
  const Response refused = AskUntilRefused(ChatRequest(ChatBody()), answered);
  EXPECT_TRUE(IsOurError(refused, 429, "rate_limited"));
  EXPECT_NE(refused.body.find("\"rate_limit_error\""), std::string::npos) << refused.body;
  EXPECT_EQ(refused.Header("retry-after"), "1");
  EXPECT_FALSE(refused.Has("x-arbstr-provider"));
  EXPECT_TRUE(refused.Has("x-arbstr-request-id"));
  EXPECT_GE(answered, 2u) << "a second's worth at once";
  EXPECT_EQ(Journal().size(), answered);
  StopGateway();
  EXPECT_EQ(ReadRows(database()).size(), answered);
}

TEST_F(RateLimitTest, AsManyAsTheRateMayComeAtOnceWhateverThread) {
  Start(R"({})", {.server = "rate_limit_rps = 50\nthreads = 4\n"});
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Ask(port(), Get("/v1/models")).status, 200) << i;
}

TEST_F(RateLimitTest, AllRoutesShareOneLimitButHealth) {
  Start(R"({})", {.server = "rate_limit_rps = 1\n"});
  std::size_t answered = 0;
  ASSERT_EQ(AskUntilRefused(Get("/v1/models"), answered).status, 429);
  ASSERT_EQ(AskUntilRefused(Get("/nowhere"), answered).status, 429);
  ASSERT_EQ(AskUntilRefused(ChatRequest(ChatBody()), answered).status, 429);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask(port(), Get("/health")).status, 200);
}

TEST_F(RateLimitTest, WhoHasNoTokenUsesNoneOfIt) {
  Start(R"({})", {.server = "rate_limit_rps = 1\nauth_token = \"right-token\"\n"});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask(port(), Get("/v1/models")).status, 401);
  EXPECT_EQ(Ask(port(), Get("/v1/models", {{"Authorization", "Bearer right-token"}})).status, 200);
}

TEST_F(RateLimitTest, AConnectionGoesOnAfterARefusal) {
  Start(R"({})", {.server = "rate_limit_rps = 1\n"});
  HttpClient client = Connect();
  const auto status = [&] { return client.Send(Get("/v1/models")) ? client.ReadResponse().status : 0; };
  ASSERT_TRUE(WaitUntil([&] { return status() == 429; }));
  EXPECT_TRUE(WaitUntil([&] { return status() == 200; })) << "a token comes with time";
}

}  // namespace
}  // namespace integration_tests
