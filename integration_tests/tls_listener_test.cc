// The gateway's own TLS: who is answered over it, who is not, and how an answer over it ends.
#include <gtest/gtest.h>

#include <csignal>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

class TlsListenerTest : public GatewayTest {
 protected:
  void StartTls(const std::string& scenario_json, const Settings& settings = {}) {
    UseTls();
    Start(scenario_json, settings);
  }
  HttpClient ConnectAs(const TlsLayer::Options& options) { return HttpClient(port(), options); }
};

constexpr const char* kCutStream =
    R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"cut_mid_event":true}]}}]}]})";

TEST_F(TlsListenerTest, AConnectionCarriesRequestAfterRequest) {
  StartTls(R"({})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.connected()) << "the certificate must be the configured one";
  EXPECT_EQ(client.tls()->version(), "TLSv1.3");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", ",\"x\":\"" + std::string(200'000, 'x') + "\""))));
    const Response response = client.ReadResponse();
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(response.complete);
  }
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", ",\"stream\":true"))));
  const Response stream = client.ReadResponse();
  EXPECT_TRUE(stream.complete);
  EXPECT_TRUE(stream.body.ends_with("data: [DONE]\n\n")) << stream.body;
  EXPECT_EQ(Rows(4).size(), 4u);
}

TEST_F(TlsListenerTest, AClientMaySpeakTls12AndNameHttp11) {
  StartTls(R"({})");
  TlsLayer::Options options = tls();
  options.only_tls_1_2 = true;
  options.alpn = "\x02h2\x08http/1.1";
  HttpClient client = ConnectAs(options);
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.tls()->version(), "TLSv1.2");
  EXPECT_EQ(client.tls()->chosen_protocol(), "http/1.1");
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  EXPECT_EQ(client.ReadResponse().status, 200);
  options.alpn = "\x02h2";
  EXPECT_FALSE(ConnectAs(options).connected()) << "HTTP/2 is not spoken here";
}

TEST_F(TlsListenerTest, AHandshakeMayTakeAsLongAsAHead) {
  StartTls(R"({})", {.server = "header_timeout_ms = 100\n"});
  for (const std::string& begun : {std::string(), std::string("\x16\x03\x01\x02\x00\x01", 6)}) {
    HttpClient silent(port());
    ASSERT_TRUE(silent.Send(begun));
    EXPECT_EQ(silent.ReadToEnd(), "");
    EXPECT_EQ(silent.ending(), Ending::kClosed);
  }
  EXPECT_EQ(Chat().status, 200);
}

TEST_F(TlsListenerTest, AHandshakeCountsAsAConnection) {
  StartTls(R"({})", {.server = "threads = 1\nmax_connections = 1\n"});
  HttpClient shaking(port());
  ASSERT_TRUE(shaking.Send("\x16"));
  HttpClient client = Connect();
  ASSERT_TRUE(client.connected());
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 503, "too_many_connections"));
}

TEST_F(TlsListenerTest, PlainHttpIsToldSo) {
  StartTls(R"({})", {.more = "[logging]\nlevel = \"debug\"\n"});
  HttpClient plain(port());
  ASSERT_TRUE(plain.Send(ChatRequest(ChatBody())));
  const Response response = plain.ReadResponse();
  EXPECT_TRUE(IsOurError(response, 400, ""));
  EXPECT_NE(response.body.find("https://"), std::string::npos) << response.body;
  EXPECT_TRUE(WaitForLog("id=" + response.Header("x-arbstr-request-id") + " route=unknown status=400"));
  plain.ShutdownSend();
  EXPECT_EQ(plain.ReadToEnd(), "");
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(TlsListenerTest, WhatIsNeitherTlsNorHttpIsClosed) {
  StartTls(R"({})");
  HttpClient plain(port());
  ASSERT_TRUE(plain.Send(std::string(100, '\xff')));
  plain.ReadToEnd();
  EXPECT_NE(plain.ending(), Ending::kTimedOut);
}

TEST_F(TlsListenerTest, AnAnswerThatEndsWithItsConnectionEndsInOrder) {
  StartTls(R"({})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody(), {{"Connection", "close"}})));
  EXPECT_TRUE(client.ReadResponse().complete);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed);

  HttpClient old = Connect();
  std::string request = ChatRequest(ChatBody("gpt-4o", ",\"stream\":true"));
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  ASSERT_TRUE(old.Send(request));
  const Response stream = old.ReadResponse();
  EXPECT_TRUE(stream.complete) << "its end is the connection's, and has to be said";
  EXPECT_TRUE(stream.body.ends_with("data: [DONE]\n\n")) << stream.body;
}

TEST_F(TlsListenerTest, AStreamThatIsCutEndsWithoutAWord) {
  StartTls(kCutStream);
  for (const std::string version : {"HTTP/1.1", "HTTP/1.0"}) {
    HttpClient client = Connect();
    std::string request = ChatRequest(ChatBody("gpt-4o", ",\"stream\":true"));
    request.replace(request.find("HTTP/1.1"), 8, version);
    ASSERT_TRUE(client.Send(request));
    const Response stream = client.ReadResponse();
    EXPECT_FALSE(stream.complete);
    EXPECT_NE(stream.body.find("stream_interrupted"), std::string::npos) << stream.body;
    EXPECT_NE(client.ending(), Ending::kClosed) << "no clean end for a truncated answer";
  }
}

TEST_F(TlsListenerTest, AnErrorBeforeTheBodyWasReadReachesItsClient) {
  StartTls(R"({})", {.server = "max_body_bytes = 1000\n"});
  const std::string request = ChatRequest(ChatBody("gpt-4o", ",\"x\":\"" + std::string(500'000, 'x') + "\""));
  HttpClient client = Connect();
  (void)client.Send(request);
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 413, ""));
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed);
}

TEST_F(TlsListenerTest, AnIdleConnectionIsToldOfTheEndOfTheGateway) {
  StartTls(R"({})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/health")));
  EXPECT_EQ(client.ReadResponse().status, 200);
  gateway().Signal(SIGTERM);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(client.ending(), Ending::kClosed);
  EXPECT_EQ(gateway().WaitForExit(), 0);
}

}  // namespace
}  // namespace integration_tests
