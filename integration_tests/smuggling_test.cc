// Requests whose end two servers could see in different places, each with another request hidden behind it:
// refused, the connection closed, and what was hidden never served. And what is allowed to share a connection
// is kept apart.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

class SmugglingTest : public GatewayTest {};

struct Shape {
  int status;
  std::string fields_and_body;  // behind the request line and Host
};

std::vector<Shape> Shapes() {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      {400, "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n"},
      {400, chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n"},
      {400, "Content-Length: 0\r\n" + chunked + "\r\n0\r\n\r\n"},
      {400, "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"},
      {400, "Content-Length: 2\r\ncontent-length: 0\r\n\r\n{}"},
      {400, "Content-Length: 2, 3\r\n\r\n{}"},
      {400, "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"},
      {400, "Content-Length: 2, 2\r\n\r\n{}"},
      {400, "Content-Length: +2\r\n\r\n{}"},
      {400, "Content-Length: 0x2\r\n\r\n{}"},
      {400, "Content-Length: 2 2\r\n\r\n{}"},
      {400, "Content-Length:\r\n\r\n{}"},
      {400, "Content-Length: 18446744073709551618\r\n\r\n{}"},
      {400, "Content-Length : 2\r\n\r\n{}"},
      {400, " Content-Length: 2\r\n\r\n{}"},
      {400, "X: y\r\n Content-Length: 2\r\n\r\n{}"},
      {400, "X: y\r\n\tContent-Length: 2\r\n\r\n{}"},
      {400, "X: y\nContent-Length: 2\r\n\r\n{}"},
      {400, "X: y\rContent-Length: 2\r\n\r\n{}"},
      {400, std::string("X: y\0\r\nContent-Length: 2\r\n\r\n{}", 30)},
      {400, "X: y\x01\r\nContent-Length: 2\r\n\r\n{}"},
      {400, "Content-Length: 2\r\nHost: other\r\n\r\n{}"},
      {400, chunked + chunked + "\r\n0\r\n\r\n"},
      {400, chunked + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"},
      {400, "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"},
      {400,
       "Transfer-Encoding: \x0b"
       "chunked\r\n\r\n0\r\n\r\n"},
      {501, "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {501, "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
      {501, "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {501, "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"},
      {501, "Transfer-Encoding:\r\n\r\n0\r\n\r\n"},
      {400, chunked + "\r\n0x2\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n+2\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n-2\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n2\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n2\r\n{}\n0\r\n\r\n"},
      {400, chunked + "\r\n2\r\n{}XX0\r\n\r\n"},
      {400, chunked + "\r\n2;a\nb\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n2;\x01\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n10000000000000002\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n0\r\nContent-Length: 5\r\n\r\n"},
      {400, chunked + "\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {400, chunked + "\r\n2;name=value\r\n{}\r\n0\r\n\r\n"},
      {400, chunked + "\r\n2\r\n{}\r\n0;last\r\n\r\n"},
      {400, chunked + "\r\n0\r\nbad trailer\r\n\r\n"},
      {400, chunked + "\r\n0\r\nX: y\n\n"},
  };
}

TEST_F(SmugglingTest, WhatCouldBeReadInTwoWaysIsRefusedWithAllThatFollows) {
  Start(R"({})");
  for (const auto& [status, rest] : Shapes()) {
    SCOPED_TRACE(testing::PrintToString(rest));
    HttpClient client = Connect();
    (void)client.Send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n" +
                      rest + ChatRequest(ChatBody("smuggled")) + ChatRequest(ChatBody("smuggled")));
    EXPECT_TRUE(IsOurError(client.ReadResponse(), status, ""));
    EXPECT_EQ(client.ReadToEnd(), "") << "one answer, and the end";
    EXPECT_EQ(client.ending(), Ending::kClosed);
  }
  EXPECT_EQ(Journal().size(), 0u);
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(OnlyRow().model, "gpt-4o");
}

TEST_F(SmugglingTest, LinesThatEndInALineFeedAloneAreNotLines) {
  Start(R"({})");
  HttpClient client = Connect();
  (void)client.Send("GET /health HTTP/1.1\nHost: g\n\n" + ChatRequest(ChatBody("smuggled")));
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 400, ""));
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(SmugglingTest, ABodyThatNobodyAskedForIsReadPastAndNotServed) {
  Start(R"({})");
  const std::string hidden = ChatRequest(ChatBody("smuggled"));
  for (const std::string method : {"GET", "HEAD"}) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(method + " /health HTTP/1.1\r\nHost: g\r\nContent-Length: " +
                            std::to_string(hidden.size()) + "\r\n\r\n" + hidden + Get("/v1/models")));
    EXPECT_EQ(client.ReadResponse(method == "HEAD").status, 200);
    EXPECT_NE(client.ReadResponse().body.find("\"list\""), std::string::npos) << "the request behind it";
  }
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(SmugglingTest, GarbageBehindARequestDoesNotHurtItAndIsRefused) {
  Start(R"({})", {.server = "header_timeout_ms = 200\n"});
  for (const std::string garbage : {"garbage\r\n\r\n", "\x16\x03\x01\x02", "0\r\n\r\n", "{}\r\n\r\n"}) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody()) + garbage));
    EXPECT_EQ(client.ReadResponse().status, 200);
    // What could still become a request line is waited for as long as one may take.
    const Response second = client.ReadResponse();
    EXPECT_TRUE(IsOurError(second, second.status == 408 ? 408 : 400, ""));
    EXPECT_EQ(client.ReadToEnd(), "");
  }
}

TEST_F(SmugglingTest, AnEmptyLineBetweenTwoRequestsOfOneWriteIsIgnored) {
  Start(R"({})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody()) + "\r\n\r\n" + ChatRequest(ChatBody()) + "\r\n"));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(client.ReadResponse().status, 200);
}

// Closed with input unread, the connection would be reset, and the answer lost with it.
TEST_F(SmugglingTest, WhatIsSentBehindTheLastRequestDoesNotCostItsAnswer) {
  Start(R"({"rules":[{"match":{"model":"cut"},"script":[{"frames":{"at":[{"frame":2,"end":"reset"}]}}]}]})");
  const std::string garbage(300'000, 'x');
  const std::string plain = ChatRequest(ChatBody(), {{"Connection", "close"}});
  std::string old = ChatRequest(ChatBody());
  old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
  for (const std::string& request : {plain, old}) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(request + garbage));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.complete);
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(client.ending(), Ending::kClosed);
  }
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody("cut", ",\"stream\":true")) + garbage));
  EXPECT_NE(client.ReadToEnd().find("stream_interrupted"), std::string::npos);
  EXPECT_EQ(client.ending(), Ending::kClosed);
}

TEST_F(SmugglingTest, OtherProtocolsAndMethodsOfProxiesAreNotServed) {
  Start(R"({})");
  EXPECT_TRUE(IsOurError(Ask(port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400, ""));
  EXPECT_TRUE(IsOurError(Ask(port(), "CONNECT api.example.com:443 HTTP/1.1\r\nHost: g\r\n\r\n"), 404, ""));
  EXPECT_TRUE(IsOurError(Ask(port(), "OPTIONS * HTTP/1.1\r\nHost: g\r\n\r\n"), 404, ""));
  const Response trace =
      Ask(port(), "TRACE /health HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer secret\r\n\r\n");
  EXPECT_TRUE(IsOurError(trace, 405, ""));
  EXPECT_EQ(trace.body.find("secret"), std::string::npos);
  const Response upgrade = Ask(port(), Get("/health", {{"Connection", "Upgrade"}, {"Upgrade", "h2c"}}));
  EXPECT_EQ(upgrade.status, 200) << "an upgrade may be ignored";
}

TEST_F(SmugglingTest, AnExpectationIsNotMetWhereTheRequestIsRefusedAnyway) {
  Start(R"({})", {.server = "max_body_bytes = 1000\nauth_token = \"right-token\"\n"});
  const std::string chat =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: ";
  const std::pair<std::string, std::string> requests[] = {
      {chat + "1001\r\nAuthorization: Bearer right-token\r\n\r\n", "413 "}, {chat + "10\r\n\r\n", "401 "}};
  for (const auto& [request, status] : requests) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(request));
    EXPECT_EQ(client.ReadUntil(" "), "HTTP/1.1 ");
    EXPECT_EQ(client.ReadUntil(" "), status) << "no 100 Continue before it";
  }
}

// What a provider's response says, in fields that are passed on.
TEST_F(SmugglingTest, NoFieldOfAProviderForgesOneOfOurs) {
  RawProvider provider;
  StartGatewayWith(
      ServerToml() +
      "[retry]\nmax_retries = 0\n[circuit_breaker]\nfailures = 0\n[[providers]]\nname = \"raw\"\n"
      "url = \"" +
      provider.url() + "\"\n");
  const std::string body = R"({"choices":[]})";
  const std::string forged = "X-Forged: 1";
  for (const std::string& field :
       {"x-request-id: a\r" + forged, "x-request-id: a\n" + forged, "x-request-id: a\r\r\n" + forged,
        "x-request-id: a\r\n " + forged, std::string("x-request-id: a\0", 16) + forged,
        "x-request-id: a\x0b" + forged, "x-request-id: a\x85" + forged, "x-ratelimit-a\r: b" + forged,
        "openai-x: \x7f" + forged,
        "x-request-id: a\r\nTransfer-Encoding: chunked\r\nx-ratelimit-b: " + forged,
        "x-request-id: a\r\nx-arbstr-provider: " + forged,
        "retry-after: 1\r\nconnection: keep-alive, " + forged}) {
    SCOPED_TRACE(testing::PrintToString(field));
    provider.Answer({.pieces = {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + field +
                                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body}});
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    const Response response = client.ReadResponse();
    EXPECT_TRUE(response.status == 200 || response.status == 502) << response.status;
    EXPECT_TRUE(response.complete);
    EXPECT_FALSE(response.Has("x-forged"));
    EXPECT_NE(response.Header("x-arbstr-provider"), forged);
    ASSERT_TRUE(client.Send(Get("/health")));
    EXPECT_EQ(client.ReadResponse().status, 200) << "the next answer begins where this one ended";
  }
}

TEST_F(SmugglingTest, NoFieldOrValueOfAClientForgesOneOfOurs) {
  Start(R"({})", {.provider = "models = [\"gpt-4o\"]\n"});
  const Response model = Chat("a\\r\\nX-Forged: 1\\r\\n\\r\\nHTTP/1.1 200 OK");
  EXPECT_TRUE(IsOurError(model, 400, "model_not_found"));
  EXPECT_FALSE(model.Has("x-forged"));
  const Response policy = Chat("gpt-4o", "", {{"X-Arbstr-Policy", "a\tX-Forged: \xff"}});
  EXPECT_TRUE(IsOurError(policy, 400, "policy_not_found"));
  EXPECT_FALSE(policy.Has("x-forged"));
}

}  // namespace
}  // namespace integration_tests
