// Hostile and mistaken clients: each gets a clear answer in OpenAI's shape, leaves no row, and the gateway
// goes on.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class BadInputTest : public GatewayTest {
 protected:
  // Nothing that was refused left a row or asked a provider, and a good request is still answered.
  void ExpectNothingHappened() {
    EXPECT_EQ(Journal().size(), 0u);
    EXPECT_EQ(Chat().status, 200);
    EXPECT_EQ(OnlyRow().success, 1);
  }
};

TEST_F(BadInputTest, ABodyThatIsNoChatRequestIsA400WithoutARow) {
  Start(R"({})");
  const std::string messages = R"("messages":[{"role":"user","content":"hi"}])";
  const std::vector<std::string> bodies = {
      "{}",
      "null",
      "[]",
      "\"text\"",
      "{",
      R"({"model":"m"})",
      "{" + messages + "}",
      R"({"model":"",)" + messages + "}",
      R"({"model":7,)" + messages + "}",
      R"({"model":")" + std::string(513, 'm') + "\"," + messages + "}",
      R"({"model":null,)" + messages + "}",
      R"({"model":"m","messages":[]})",
      R"({"model":"m","messages":{}})",
      R"({"model":"m","messages":null})",
      R"({"model":"m","stream":"yes",)" + messages + "}",
      R"({"model":"m","stream":1,)" + messages + "}",
      R"({"model":"m","model":"n",)" + messages + "}",
      R"({"model":"m",)" + messages + "," + messages + "}",
      R"({"model":"m","stream":true,"stream":false,)" + messages + "}",
      R"({"mod\u0065l":"m","model":"m",)" + messages + "}",
      R"({"model":"m","stream_options":{},"stream_options":{},)" + messages + "}",
      R"({"model":"m",)" + messages + "} trailing",
      R"({"model":"m",)" + messages + ",}",
      std::string("{\"model\":\"m\xff\",") + messages + "}",
      std::string("{\"model\":\"\\ud800\",") + messages + "}",
      std::string(100'000, '['),
      std::string(100'000, '[') + std::string(100'000, ']'),
      R"({"model":"m","messages":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}"};
  for (const std::string& body : bodies) {
    EXPECT_TRUE(IsOurError(Ask(port(), ChatRequest(body)), 400, "invalid_body")) << body.substr(0, 100);
  }
  EXPECT_TRUE(IsOurError(Ask(port(), ChatRequest("")), 400, "invalid_body"));
  ExpectNothingHappened();
}

TEST_F(BadInputTest, TheMessageAndParamNameTheMistake) {
  Start(R"({})");
  const Response response =
      Ask(port(), ChatRequest(R"({"model":"m","messages":[{"role":"user","role":"user"}]})"));
  ASSERT_TRUE(IsOurError(response, 400, "invalid_body"));
  const auto error = nlohmann::json::parse(response.body)["error"];
  EXPECT_EQ(error["param"], "messages[0].role");
  EXPECT_EQ(error["type"], "invalid_request_error");
}

TEST_F(BadInputTest, EachStatusOfHttpHasItsCause) {
  Start(R"({})", {.server = "max_body_bytes = 1000\nmax_header_bytes = 4096\n"});
  const std::string chat = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  const struct {
    int status;
    std::string request;
  } cases[] = {
      {404, Get("/")},
      {404, Get("/v1/chat/completion")},
      {404, Get("/nothing?x=1")},
      {405, Get("/v1/chat/completions")},
      {405, "DELETE /v1/models HTTP/1.1\r\nHost: g\r\n\r\n"},
      {405, "BREW /health HTTP/1.1\r\nHost: g\r\n\r\n"},
      {411, chat + json + "\r\n"},
      {413, chat + json + "Content-Length: 1001\r\n\r\n"},
      {413, chat + json + "Content-Length: 999999999999\r\n\r\n"},
      {413,
       chat + json + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n"},
      {415, chat + "Content-Length: 2\r\n\r\n{}"},
      {415, chat + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"},
      {415, chat + json + json + "Content-Length: 2\r\n\r\n{}"},
      {415, chat + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}"},
      {431, "GET /health HTTP/1.1\r\nHost: g\r\nX: " + std::string(5000, 'x') + "\r\n\r\n"},
      {431, "GET /health HTTP/1.1\r\nHost: g\r\nX: " + std::string(50'000, 'x')},
      {400, "nonsense\r\n\r\n"},
      {400, "GET / HTTP/9.9\r\n\r\n"},
      {400, "GET /health HTTP/1.1\nHost: g\n\n"},
      {400, "GET /health HTTP/1.1\r\nHost: g\r\nBad Name: x\r\n\r\n"},
      {400, "GET /health HTTP/1.1\r\nHost: g\r\nX: a\r\n b\r\n\r\n"},
      {400, std::string("GET /health HTTP/1.1\r\nHost: g\r\nX: a\0b\r\n\r\n", 41)},
      {400, chat + json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"},
      {400, chat + json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {400, chat + json + "Content-Length: -1\r\n\r\n"},
      {400, chat + json + "Content-Length: 2x\r\n\r\n{}"},
      {400, chat + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {501, chat + json + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
  };
  for (const auto& [status, request] : cases) {
    EXPECT_TRUE(IsOurError(Ask(port(), request), status, "")) << request.substr(0, 120);
  }
  EXPECT_EQ(Ask(port(), Get("/v1/chat/completions")).Header("allow"), "POST");
  ExpectNothingHappened();
}

TEST_F(BadInputTest, AnErrorSentBeforeTheBodyWasReadReachesTheClient) {
  Start(R"({})");
  // 33 MiB announced and half of it sent at once: the client writes on while the answer is already there.
  HttpClient client = Connect();
  const std::string head =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: "
      "34603008\r\n\r\n";
  ASSERT_TRUE(client.Send(head));
  (void)client.Send(std::string(900'000, 'x'));
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 413, ""));
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed) << "a half-close, not a reset";
  ExpectNothingHappened();
}

TEST_F(BadInputTest, WhatComesBehindTheLastRequestDoesNotResetItsAnswer) {
  Start(R"({})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/health", {{"Connection", "close"}}) + std::string(100'000, 'x')));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed);
}

TEST_F(BadInputTest, AHugeBodyWithinTheLimitIsServed) {
  Start(R"({})");
  const std::string body = ChatBody("gpt-4o", R"(,"padding":")" + std::string(30 << 20, 'x') + "\"");
  EXPECT_EQ(Ask(port(), ChatRequest(body)).status, 200);
  EXPECT_EQ(Journal().at(0).body.size(), body.size());
}

TEST_F(BadInputTest, ASlowHeadIsA408) {
  Start(R"({})", {.server = "header_timeout_ms = 100\n"});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send("GET /health HTTP/1.1\r\nHost:"));
  const Response response = client.ReadResponse();
  EXPECT_TRUE(IsOurError(response, 408, ""));
  EXPECT_EQ(response.Header("connection"), "close");
  ExpectNothingHappened();
}

TEST_F(BadInputTest, ASlowBodyIsA408) {
  Start(R"({})", {.server = "body_timeout_ms = 100\n"});
  const std::string request = ChatRequest(ChatBody());
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(request.substr(0, request.size() - 1)));
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 408, ""));
  ExpectNothingHappened();
}

TEST_F(BadInputTest, AnIdleConnectionIsClosedWithoutAWord) {
  Start(R"({})", {.server = "idle_timeout_ms = 100\n"});
  HttpClient client = Connect();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed);
  ExpectNothingHappened();
}

TEST_F(BadInputTest, NoRouteNoPolicyNoModelIsA400WithARow) {
  Start(R"({"providers":[{"name":"alpha"}]})",
        {.provider = "models = [\"gpt-4o\"]\n",
         .more = "[[policies.rules]]\nname = \"cheap\"\nallowed_models = [\"other\"]\n"});
  const Response model = Chat("unknown-model");
  EXPECT_TRUE(IsOurError(model, 400, "model_not_found"));
  EXPECT_FALSE(model.Has("x-arbstr-provider"));
  EXPECT_TRUE(IsOurError(Chat("gpt-4o", "", {{"X-Arbstr-Policy", "none"}}), 400, "policy_not_found"));
  EXPECT_TRUE(IsOurError(Chat("gpt-4o", "", {{"X-Arbstr-Policy", "cheap"}}), 400, "policy_no_match"));
  const Fields twice = {{"X-Arbstr-Policy", "cheap"}, {"x-arbstr-policy", "cheap"}};
  EXPECT_TRUE(IsOurError(Chat("gpt-4o", "", twice), 400, "policy_not_found")) << "which of them?";
  EXPECT_EQ(Journal().size(), 0u);
  const auto rows = Rows(4);
  ASSERT_EQ(rows.size(), 4u);
  for (const Row& row : rows) {
    EXPECT_FALSE(row.provider);
    EXPECT_EQ(row.error_status, 400);
    EXPECT_EQ(row.attempts, 0);
  }
  EXPECT_EQ(rows[2].policy, "cheap");
}

TEST_F(BadInputTest, ARowHoldsLittleOfWhatAClientMadeUp) {
  Start(R"({})");
  const Response response = Chat("gpt-4o", "", {{"X-Arbstr-Policy", std::string(60'000, 'p')}});
  EXPECT_TRUE(IsOurError(response, 400, "policy_not_found"));
  EXPECT_LT(response.body.size(), 500u);
  const Row row = OnlyRow();
  EXPECT_FALSE(row.policy);
  EXPECT_LT(row.error_message.value_or("").size(), 400u);
}

TEST_F(BadInputTest, WithATokenEverythingButHealthNeedsIt) {
  Start(R"({})", {.server = "auth_token = \"right-token\"\n"});
  for (const char* target : {"/v1/models", "/providers", "/v1/chat/completions", "/nowhere"}) {
    const Response response = Ask(port(), Get(target));
    EXPECT_TRUE(IsOurError(response, 401, "invalid_api_key")) << target;
    EXPECT_NE(response.body.find("authentication_error"), std::string::npos);
  }
  for (const char* given :
       {"Bearer wrong", "Bearer right-token2", "Bearer ", "right-token", "Basic right-token"}) {
    EXPECT_TRUE(IsOurError(Chat("gpt-4o", "", {{"Authorization", given}}), 401, "invalid_api_key")) << given;
  }
  EXPECT_TRUE(
      IsOurError(Chat("gpt-4o", "", {{"Authorization", "Bearer right-token"}, {"Authorization", "x"}}), 401,
                 "invalid_api_key"));
  EXPECT_EQ(Ask(port(), Get("/health")).status, 200);
  EXPECT_TRUE(IsOurError(Ask(port(), "DELETE /health HTTP/1.1\r\nHost: g\r\n\r\n"), 405, ""));
  EXPECT_EQ(Chat("gpt-4o", "", {{"Authorization", "Bearer right-token"}}).status, 200);
  EXPECT_EQ(Chat("gpt-4o", "", {{"authorization", "bearer right-token"}}).status, 200);
  EXPECT_EQ(Rows(2).size(), 2u);
}

TEST_F(BadInputTest, ConnectionsBeyondTheLimitAreTurnedAway) {
  Start(R"({})", {.server = "max_connections = 2\n"});
  HttpClient first = Connect(), second = Connect();
  for (HttpClient* client : {&first, &second}) {
    ASSERT_TRUE(client->Send(Get("/health")));
    EXPECT_EQ(client->ReadResponse().status, 200);
  }
  HttpClient third = Connect();
  // One that has not read the answer yet can send the whole of its request.
  HttpClient fourth = Connect();
  EXPECT_TRUE(IsOurError(third.ReadResponse(), 503, "too_many_connections"));
  ASSERT_TRUE(fourth.Send(ChatRequest(ChatBody("gpt-4o", ",\"x\":\"" + std::string(300'000, 'x') + "\""))));
  EXPECT_TRUE(IsOurError(fourth.ReadResponse(), 503, "too_many_connections"));
  ASSERT_TRUE(first.Send(Get("/health")));
  EXPECT_EQ(first.ReadResponse().status, 200);
  const std::string counted = "arbstr_http_responses_total{route=\"unknown\",status=\"503\"} 2\n";
  // Over a connection that there is: a further one may be turned away and counted itself.
  EXPECT_TRUE(WaitUntil([&] {
    return first.Send(Get("/metrics")) && first.ReadResponse().body.find(counted) != std::string::npos;
  }));
}

}  // namespace
}  // namespace integration_tests
