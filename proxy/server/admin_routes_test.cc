#include "proxy/server/admin_routes.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "proxy/server/testing_session.h"

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class AdminRoutesTest : public TestingSession {
 protected:
  AdminRoutesTest() {
    Config config = TestingConfig();
    config.policies.default_strategy = router::Strategy::kLowestLatency;
    config.providers.push_back(config.providers[0]);
    config.providers[1].name = "beta";
    Start(config, nullptr);
  }
  void Answered(size_t provider, milliseconds took, seconds ago) {
    worker().setup->latencies.OnAttempt(provider, LatencySample::kAnswer, took, seconds(30),
                                        worker().clock.Now() - ago);
  }
  static Task<> Keep(Task<std::optional<Response>> answer, std::optional<Response>& response) {
    response = co_await std::move(answer);
  }
  std::string CostIsThatOf() {
    BodyBuffer body(1000);
    body.Append(R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})");
    RequestParser head(1000);
    EXPECT_EQ(head.PutHead("POST /v1/cost HTTP/1.1\r\nhost: gateway\r\n\r\n").status, ParseStatus::kDone);
    std::optional<Response> response;
    worker().loop.restart();  // it stopped at the end of the question before
    Spawn(worker().loop.get_executor(), Keep(AnswerCost(worker(), head, body), response), {});
    EXPECT_TRUE(RunUntil([&] { return response.has_value(); }));
    return nlohmann::json::parse(response->body_view()).value("provider", "");
  }
};

TEST_F(AdminRoutesTest, ACostIsThatOfTheProviderWhichARequestWouldGoToNow) {
  Answered(0, milliseconds(10), seconds(1));
  Answered(1, milliseconds(500), seconds(1));
  EXPECT_EQ(CostIsThatOf(), "alpha");
  Answered(1, milliseconds(500), LatencyTable::kForgotten);
  EXPECT_EQ(CostIsThatOf(), "beta") << "which is to be measured again";
  EXPECT_EQ(CostIsThatOf(), "beta") << "and a question measures nothing";
}

}  // namespace
}  // namespace arbstr::proxy
