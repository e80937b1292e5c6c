// GET /v1/requests: what the gateway kept of each request, asked for over HTTP.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

constexpr const char* kScenario = R"({"providers":[
  {"name":"alpha","rules":[
    {"match":{"model":"flaky"},"script":[{"error":503}]},
    {"match":{"model":"refused"},"script":[{"error":"rate_limit"}]}]},
  {"name":"beta"}]})";

class RequestsRouteTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    Start(kScenario, {.retry = "max_retries = 0\n"});
  }
  Json Page(const std::string& query = "") {
    const Response response = Ask(port(), Get("/v1/requests" + query));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.Header("content-type"), "application/json");
    return Json::parse(response.body, nullptr, false);
  }
  std::vector<std::string> Ids(const std::string& query) {
    std::vector<std::string> ids;
    const Json page = Page(query);
    for (const Json& entry : page["data"]) ids.push_back(entry["request_id"]);
    return ids;
  }
};

TEST_F(RequestsRouteTest, AnEntryIsTheRowOfItsRequest) {
  const std::string id = Chat().Header("x-arbstr-request-id");
  const std::vector<Row> rows = Rows(1);
  ASSERT_EQ(rows.size(), 1u);
  const Row& row = rows.front();
  const Json page = Page();
  EXPECT_EQ(page["total"], 1);
  EXPECT_EQ(page["total_pages"], 1);
  ASSERT_EQ(page["data"].size(), 1u);
  const Json attempt = {{"provider", "alpha"}, {"at_ms", nullptr}, {"ms", nullptr},
                        {"status", nullptr},   {"error", nullptr}, {"waited_ms", 0}};
  const Json expected = {{"id", 1},
                         {"request_id", id},
                         {"timestamp", row.timestamp},
                         {"model", "gpt-4o"},
                         {"provider", "alpha"},
                         {"streaming", false},
                         {"success", true},
                         {"tokens", {{"input", *row.input_tokens}, {"output", *row.output_tokens}}},
                         {"cost", {{"sats", *row.cost_sats}}},
                         {"timing", {{"latency_ms", row.latency_ms}, {"stream_duration_ms", nullptr}}},
                         {"attempts", Json::array({attempt})},
                         {"error", nullptr}};
  EXPECT_EQ(page["data"][0], expected);
}

TEST_F(RequestsRouteTest, AttemptsAndErrorsTellWhatHappened) {
  EXPECT_EQ(Chat("flaky").status, 200);
  EXPECT_EQ(Chat("refused").status, 429);
  ASSERT_EQ(Rows(2).size(), 2u);
  const Json data = Page("?order=asc")["data"];
  ASSERT_EQ(data.size(), 2u);
  ASSERT_EQ(data[0]["attempts"].size(), 2u);
  EXPECT_EQ(data[0]["attempts"][0]["provider"], "alpha");
  EXPECT_EQ(data[0]["attempts"][0]["status"], 503);
  EXPECT_EQ(data[0]["attempts"][1]["provider"], "beta");
  EXPECT_EQ(data[0]["error"], nullptr);
  ASSERT_EQ(data[1]["attempts"].size(), 1u);
  EXPECT_EQ(data[1]["attempts"][0]["status"], 429) << "the provider's own";
  EXPECT_EQ(data[1]["error"]["status"], 429);
  EXPECT_NE(data[1]["error"]["message"], "");
}

// A row's 499, 500 or 503 can be a provider's answer as well as the gateway's own.
TEST_F(GatewayTest, AFinalAnswerIsToldWhateverItsStatus) {
  Start(R"({"rules":[
    {"match":{"model":"m499"},"script":[{"error":499}]}, {"match":{"model":"m500"},"script":[{"error":500}]},
    {"match":{"model":"m503"},"script":[{"error":503}]}, {"match":{"model":"m501"},"script":[{"error":501}]}]})",
        {.retry = "statuses = [502]\n"});
  for (const int status : {499, 500, 501, 503}) {
    const Response response = Chat("m" + std::to_string(status));
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.Header("x-arbstr-retries"), "") << "nothing has failed";
  }
  ASSERT_EQ(Rows(4).size(), 4u);
  const Json data = Json::parse(Ask(port(), Get("/v1/requests?order=asc")).body)["data"];
  for (const Json& entry : data) {
    ASSERT_EQ(entry["attempts"].size(), 1u);
    EXPECT_EQ(entry["attempts"][0]["status"], entry["error"]["status"]);
    EXPECT_EQ(entry["attempts"][0]["error"], entry["error"]["message"]);
  }
}

TEST_F(RequestsRouteTest, PagesCoverAllRowsOnceAndFiltersPickTheirs) {
  std::vector<std::string> ids, streams, failures;
  for (int i = 0; i < 12; ++i) {
    const bool fails = i % 4 == 3;
    const Response response = fails ? Chat("refused") : i % 3 == 0 ? Stream() : Chat("m\xC3\xA9 +");
    ids.push_back(response.Header("x-arbstr-request-id"));
    if (fails) {
      failures.push_back(ids.back());
    } else if (i % 3 == 0) {
      streams.push_back(ids.back());
    }
    ASSERT_EQ(Rows(ids.size()).size(), ids.size());
  }
  std::vector<std::string> paged;
  for (const char* page : {"1", "2", "3"}) {
    for (const auto& id : Ids(std::string("?per_page=5&order=asc&page=") + page)) paged.push_back(id);
  }
  EXPECT_EQ(paged, ids);
  std::ranges::reverse(paged);
  EXPECT_EQ(Ids(""), paged) << "the newest first";
  EXPECT_EQ(Page("?per_page=5")["total_pages"], 3);
  const Json past = Page("?per_page=5&page=9");
  EXPECT_EQ(past["data"], Json::array());
  EXPECT_EQ(past["total"], 12);
  EXPECT_EQ(Ids("?success=false&order=asc"), failures);
  EXPECT_EQ(Ids("?streaming=true&order=asc"), streams);
  EXPECT_EQ(Ids("?model=m%C3%A9+%2B").size(), 12 - failures.size() - streams.size());
  EXPECT_EQ(Ids("?provider=beta").size(), 0u);
  EXPECT_EQ(Ids("?provider=alpha&since=2000-01-01T00:00:00Z").size(), 12u);
  EXPECT_EQ(Ids("?until=2000-01-01T00:00:00Z").size(), 0u);
}

TEST_F(RequestsRouteTest, WrongParametersAreAnsweredWithTheRightOnes) {
  for (const char* query : {"?pages=1", "?page=0", "?per_page=101", "?sort=id", "?order=up", "?success=yes",
                            "?page=1&page=1", "?since=yesterday", "?range=last_2h"}) {
    EXPECT_TRUE(IsOurError(Ask(port(), Get(std::string("/v1/requests") + query)), 400, "invalid_parameter"))
        << query;
  }
  const Response response = Ask(port(), Get("/v1/requests?sort=id"));
  EXPECT_NE(response.body.find("timestamp, cost_sats, latency_ms"), std::string::npos) << response.body;
}

TEST_F(RequestsRouteTest, HeadAndOtherMethodsAreAsOnEveryRoute) {
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send("HEAD /v1/requests HTTP/1.1\r\nHost: g\r\n\r\n" + Get("/health")));
  const Response head = client.ReadResponse(/*head_only=*/true);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.Header("content-length"), "0");
  EXPECT_EQ(client.ReadResponse().status, 200);
  const Response refused = Ask(port(), "DELETE /v1/requests HTTP/1.1\r\nHost: g\r\n\r\n");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.Header("allow"), "GET, HEAD");
}

TEST_F(RequestsRouteTest, QuestionsSentAheadAreAnsweredInOrderAndAClientThatLeavesHarmsNobody) {
  for (int i = 0; i < 20; ++i) {
    HttpClient gone = Connect();
    ASSERT_TRUE(gone.Send(Get("/v1/requests")));
    gone.Reset();
  }
  HttpClient client = Connect();
  ASSERT_TRUE(
      client.Send(Get("/v1/requests?per_page=7") + Get("/v1/stats") + Get("/v1/requests?per_page=8")));
  EXPECT_EQ(Json::parse(client.ReadResponse().body)["per_page"], 7);
  EXPECT_TRUE(Json::parse(client.ReadResponse().body).contains("counts"));
  EXPECT_EQ(Json::parse(client.ReadResponse().body)["per_page"], 8);
}

}  // namespace
}  // namespace integration_tests
