// The routes that ask no provider, and HTTP's small print on one connection.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class RoutesTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    Start(R"({"providers":[{"name":"alpha"},{"name":"beta"}]})",
          {.provider = "models = [\"gpt-4o\", \"org/model x\"]\n"});
  }
  Json Body(const std::string& request) {
    const Response response = Ask(port(), request);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.Header("x-arbstr-request-id").size(), 36u);
    return Json::parse(response.body, nullptr, false);
  }
};

// Also where the cheapest is one that names no models, and so serves all.
TEST_F(RoutesTest, AModelIsOwnedByTheCheapestThatServesIt) {
  StartOver();
  Start(R"({"providers":[{"name":"alpha"},{"name":"beta"}]})",
        {.more = "[[providers]]\nname = \"gamma\"\nurl = \"http://127.0.0.1:1/v1\"\nmodels = [\"gpt-4o\"]\n"
                 "base_fee = 1000\n"});
  EXPECT_EQ(Body(Get("/v1/models"))["data"][0]["owned_by"], "alpha");
  EXPECT_EQ(Body(Get("/v1/models/gpt-4o"))["owned_by"], "alpha");
}

TEST_F(RoutesTest, ModelsAreListedInOpenAisShape) {
  const Json list = Body(Get("/v1/models"));
  EXPECT_EQ(list["object"], "list");
  ASSERT_EQ(list["data"].size(), 2u);
  for (const Json& model : list["data"]) {
    EXPECT_EQ(model["object"], "model");
    EXPECT_TRUE(model["id"].is_string());
    EXPECT_TRUE(model["created"].is_number_integer());
    EXPECT_EQ(model["owned_by"], "alpha");
  }
  EXPECT_EQ(Body(Get("/v1/models/org%2Fmodel%20x"))["id"], "org/model x");
  EXPECT_EQ(Body(Get("/v1/models/gpt-4o?x=y"))["id"], "gpt-4o");
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/v1/models/nope")), 404, "model_not_found"));
}

TEST_F(RoutesTest, HealthNamesEachProvider) {
  const Json health = Body(Get("/health"));
  EXPECT_EQ(health["status"], "ok");
  ASSERT_EQ(health["providers"].size(), 2u);
  EXPECT_EQ(health["providers"][0], Json({{"name", "alpha"}, {"breaker", "closed"}}));
}

TEST_F(RoutesTest, ProvidersShowNoKey) {
  const Json providers = Body(Get("/providers"))["providers"];
  ASSERT_EQ(providers.size(), 2u);
  EXPECT_EQ(providers[0]["name"], "alpha");
  EXPECT_EQ(providers[0]["url"], "http://127.0.0.1:" + std::to_string(mocks().port("alpha")) + "/v1");
  EXPECT_EQ(providers[0]["has_api_key"], true);
  EXPECT_EQ(providers[0]["api_key"], "sk-ke…");
  EXPECT_EQ(providers[1]["output_rate"], 60000);
  EXPECT_EQ(providers[1]["models"][0], "gpt-4o");
}

TEST_F(RoutesTest, CostIsEstimatedWithoutAskingAnybody) {
  const std::string body = ChatBody("gpt-4o", R"(,"max_tokens":100)");
  const Json cost =
      Body("POST /v1/cost HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_EQ(cost["provider"], "alpha");
  EXPECT_EQ(cost["input_tokens"], 3) << "11 bytes of text";
  EXPECT_EQ(cost["output_tokens"], 100);
  EXPECT_DOUBLE_EQ(cost["cost_sats"].get<double>(), (3 * 10000 + 100 * 30000) / 1e6 + 1);
  EXPECT_EQ(Journal().size(), 0u);
  StopGateway();
  EXPECT_EQ(ReadRows(database()).size(), 0u);
}

TEST_F(RoutesTest, RequestsSentAheadAreAnsweredInOrder) {
  HttpClient client = Connect();
  std::string ahead;
  for (int i = 0; i < 5; ++i)
    ahead += ChatRequest(ChatBody("gpt-4o", R"(,"seed":)" + std::to_string(i))) + Get("/health");
  ASSERT_TRUE(client.Send(ahead));
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(client.ReadResponse().body.find("choices"), std::string::npos);
    EXPECT_NE(client.ReadResponse().body.find("breaker"), std::string::npos);
  }
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 5u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Json::parse(journal[i].body)["seed"], i);
}

TEST_F(RoutesTest, AnEmptyLineBehindABodyIsIgnored) {
  HttpClient client = Connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody()) + "\r\n"));
    EXPECT_EQ(client.ReadResponse().status, 200);
  }
}

TEST_F(RoutesTest, HeadHasNoBodyAndLeavesTheConnectionUsable) {
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send("HEAD /health HTTP/1.1\r\nHost: g\r\n\r\n"));
  const Response head = client.ReadResponse(/*head_only=*/true);
  EXPECT_EQ(head.status, 200);
  ASSERT_TRUE(client.Send(Get("/health")));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(head.Header("content-length"), std::to_string(response.body.size()));
}

TEST_F(RoutesTest, AClientThatWaitsFor100ContinueGetsIt) {
  HttpClient client = Connect();
  const std::string request = ChatRequest(ChatBody(), {{"Expect", "100-continue"}});
  const std::size_t body = request.find("\r\n\r\n") + 4;
  ASSERT_TRUE(client.Send(request.substr(0, body)));
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.Send(request.substr(body)));
  EXPECT_EQ(client.ReadResponse().status, 200);
}

// Old clients take it for the answer, and who sends its body at once has not waited for it.
TEST_F(RoutesTest, NobodyElseGetsA100Continue) {
  std::string request = ChatRequest(ChatBody(), {{"Expect", "100-continue"}});
  HttpClient at_once = Connect();
  ASSERT_TRUE(at_once.Send(request));
  EXPECT_EQ(at_once.ReadUntil(" 200"), "HTTP/1.1 200") << "its body is there already";
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  const std::size_t body = request.find("\r\n\r\n") + 4;
  HttpClient old = Connect();
  ASSERT_TRUE(old.Send(request.substr(0, body)));
  EXPECT_FALSE(old.HasInput(std::chrono::milliseconds(100)));
  ASSERT_TRUE(old.Send(request.substr(body)));
  EXPECT_EQ(old.ReadUntil(" 200"), "HTTP/1.1 200");
}

TEST_F(RoutesTest, AbsoluteFormAndChunkedBodiesAreTaken) {
  const std::string body = ChatBody();
  std::string request =
      "POST http://gateway/v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json; "
      "charset=utf-8\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (const char c : body) request += std::string("1\r\n") + c + "\r\n";
  EXPECT_EQ(Ask(port(), request + "0\r\n\r\n").status, 200);
  EXPECT_EQ(Journal().at(0).body, body);
}

TEST_F(RoutesTest, Http10IsAnsweredAndClosed) {
  for (const std::string members : {"", R"(,"stream":true)"}) {
    HttpClient client = Connect();
    const std::string body = ChatBody("gpt-4o", members);
    ASSERT_TRUE(
        client.Send("POST /chat/completions HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_FALSE(response.Has("transfer-encoding"));
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(client.ending(), Ending::kClosed);
  }
}

TEST_F(RoutesTest, AClientOfHttp10ThatAsksForItKeepsItsConnectionAndIsTold) {
  Start(R"({})");
  HttpClient client = Connect();
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(client.Send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.Header("connection"), "keep-alive");
  }
}

TEST_F(RoutesTest, AConnectionCarriesManyRequests) {
  HttpClient client = Connect();
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    ASSERT_EQ(client.ReadResponse().status, 200);
  }
  const auto journal = Journal();
  EXPECT_EQ(journal.front().connection, journal.back().connection) << "and the provider's connection is kept";
}

}  // namespace
}  // namespace integration_tests
