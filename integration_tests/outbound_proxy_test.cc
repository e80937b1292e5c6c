// HTTPS_PROXY, http_proxy and NO_PROXY: providers are asked by way of the proxy, TLS is with the provider all
// the same, and what goes wrong at the proxy is a provider that cannot be reached.
#include <gtest/gtest.h>

#include <fstream>

#include "integration_tests/connect_proxy.h"
#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

class OutboundProxyTest : public GatewayTest {
 protected:
  // The gateway before a provider of that scheme and host, which is the mock `alpha`.
  void StartBefore(const std::string& scheme, const std::string& host, const Environment& environment,
                   const std::string& retry = "") {
    StartMocks(scheme == "https" ? R"({"providers":[{"name":"alpha","tls":{}}]})"
                                 : R"({"providers":[{"name":"alpha"}]})");
    const std::string ca = directory() + "/ca.pem";
    std::ofstream(ca) << mocks().CaPem();
    SetEnvironment(environment);
    provider_ = host + ":" + std::to_string(mocks().port("alpha"));
    StartGatewayWith(ServerToml() + "[retry]\nbackoff_ms = [1]\njitter = 0\n" + retry +
                     "[[providers]]\nname = \"alpha\"\napi_key = \"" + KeyOf("alpha") + "\"\nurl = \"" +
                     scheme + "://" + provider_ + "/v1\"\n" +
                     (scheme == "https" ? "tls_ca_file = \"" + ca + "\"\n" : ""));
  }
  std::string ProxyUrl(const std::string& user = "") const {
    return "http://" + user + "127.0.0.1:" + std::to_string(proxy_.port());
  }
  std::string ProxyName() const { return "127.0.0.1:" + std::to_string(proxy_.port()); }
  void ExpectCannotConnect(const std::string& why) {
    const Response response = Chat();
    EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
    EXPECT_NE(response.body.find("the proxy " + ProxyName()), std::string::npos) << response.body;
    EXPECT_NE(response.body.find(why), std::string::npos) << response.body;
    EXPECT_EQ(Journal().size(), 0u);
  }

  ConnectProxy proxy_;
  std::string provider_;  // "HOST:PORT"
};

TEST_F(OutboundProxyTest, AnHttpsProviderIsAskedThroughATunnelThatIsKept) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", ProxyUrl()}}, "");
  HttpClient client = Connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    EXPECT_EQ(client.ReadResponse().status, 200);
  }
  EXPECT_EQ(proxy_.Heads(), std::vector<std::string>{"CONNECT " + provider_ +
                                                     " HTTP/1.1\r\nhost: " + provider_ + "\r\n\r\n"});
  const auto journal = Journal();
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(journal[0].connection, journal[2].connection);
  EXPECT_TRUE(Stream().body.ends_with("data: [DONE]\n\n"));
}

TEST_F(OutboundProxyTest, TheCertificateMustBeTheProvidersOwn) {
  // The proxy connects to the mock, whose certificate is another name's.
  StartBefore("https", "provider.test", {{"HTTPS_PROXY", ProxyUrl()}}, "max_retries = 0\n");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("certificate"), std::string::npos) << response.body;
  EXPECT_EQ(proxy_.Heads().size(), 1u);
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(OutboundProxyTest, ANameThatOnlyTheProxyKnowsIsNotLookedUpHere) {
  StartBefore("http", "provider.test", {{"http_proxy", ProxyUrl()}});
  EXPECT_EQ(Chat().status, 200);
}

TEST_F(OutboundProxyTest, APlainProvidersRequestNamesItsWholeUrl) {
  StartBefore("http", "127.0.0.1", {{"http_proxy", ProxyUrl("us%20er:pass@")}});
  EXPECT_EQ(Chat().status, 200);
  const auto heads = proxy_.Heads();
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_TRUE(
      heads[0].starts_with("POST http://" + provider_ +
                           "/v1/chat/completions HTTP/1.1\r\nproxy-authorization: Basic dXMgZXI6cGFzcw==\r\n"
                           "host: " +
                           provider_ + "\r\n"))
      << heads[0];
  EXPECT_EQ(Journal().at(0).body, ChatBody());
}

TEST_F(OutboundProxyTest, ItsPasswordGoesToItAndToNobodyElse) {
  StartBefore("https", "localhost", {{"https_proxy", ProxyUrl("user:sesame-open@")}});
  EXPECT_EQ(Chat().status, 200);
  const auto heads = proxy_.Heads();
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_NE(heads[0].find("\r\nproxy-authorization: Basic dXNlcjpzZXNhbWUtb3Blbg==\r\n"), std::string::npos)
      << heads[0];
  EXPECT_EQ(heads[0].find(KeyOf("alpha")), std::string::npos) << "the provider's key goes through the tunnel";
  const auto journal = Journal();
  for (const auto& [name, value] : journal.at(0).headers) EXPECT_NE(name, "proxy-authorization") << value;
}

TEST_F(OutboundProxyTest, ItsPasswordIsNotShownWhereItIsRefused) {
  StartBefore("https", "localhost", {{"https_proxy", ProxyUrl("user:sesame-open@")}}, "max_retries = 0\n");
  proxy_.AnswerInstead("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("the proxy " + ProxyName() + ": answered 407"), std::string::npos)
      << response.body;
  const Row row = OnlyRow();
  for (const std::string& said : {response.body, row.error_message.value_or(""), row.attempt_log.value_or(""),
                                  gateway().StderrText()}) {
    EXPECT_EQ(said.find("sesame"), std::string::npos) << said;
    EXPECT_EQ(said.find("dXNlcjpz"), std::string::npos) << said;
  }
}

TEST_F(OutboundProxyTest, NoProxySendsRequestsPastIt) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", ProxyUrl()}, {"NO_PROXY", "other, localhost"}});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_TRUE(proxy_.Heads().empty());
}

TEST_F(OutboundProxyTest, TheUpperCaseHttpProxyIsNotTaken) {
  StartBefore("http", "127.0.0.1", {{"HTTP_PROXY", ProxyUrl()}});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_TRUE(proxy_.Heads().empty());
}

TEST_F(OutboundProxyTest, ARefusalIsAProviderThatCannotBeReached) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", ProxyUrl()}}, "max_retries = 1\n");
  proxy_.AnswerInstead("HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nnot you");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("the proxy " + ProxyName() + ": answered 403 to CONNECT " + provider_),
            std::string::npos)
      << response.body;
  EXPECT_EQ(response.Header("x-arbstr-retries"), "2/alpha") << "like any failure to connect";
  EXPECT_EQ(response.Header("x-should-retry"), "false");
  EXPECT_EQ(Journal().size(), 0u);
}

TEST_F(OutboundProxyTest, WhatIsNoAnswerToConnectIsAProviderThatCannotBeReached) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", ProxyUrl()}},
              "max_retries = 0\n[circuit_breaker]\nfailures = 0\n");
  proxy_.AnswerInstead("SSH-2.0-OpenSSH_9.2\r\n");
  ExpectCannotConnect("not HTTP");
  proxy_.AnswerInstead("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  ExpectCannotConnect("more than its answer");
  proxy_.AnswerInstead("HTTP/1.1 200 Connection");
  ExpectCannotConnect("closed the connection");
  proxy_.AnswerInstead("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  ExpectCannotConnect("not HTTP");
}

TEST_F(OutboundProxyTest, ASilentProxyEndsWithTheConnectTimeout) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", ProxyUrl()}}, "connect_timeout_ms = 150\n");
  proxy_.AnswerInstead("");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("150 ms: the proxy " + ProxyName()), std::string::npos) << response.body;
  EXPECT_EQ(response.Header("x-arbstr-retries"), "1/alpha");
}

TEST_F(OutboundProxyTest, AProxyThatIsNotThereIsNamed) {
  StartBefore("https", "localhost", {{"HTTPS_PROXY", "http://u:secret@no-such-proxy.invalid:3128"}},
              "max_retries = 0\n");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
  EXPECT_NE(response.body.find("the proxy no-such-proxy.invalid:3128: cannot resolve"), std::string::npos)
      << response.body;
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace integration_tests
