#include "proxy/upstream/upstream.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

ProviderConfig Config(const std::string& url) {
  ProviderConfig config;
  config.name = "alpha";
  config.url = *ParseProviderUrl(url);
  return config;
}

TEST(UpstreamTest, TheHeadHasTheRequestLineAndWhatAProviderNeeds) {
  ProviderConfig config = Config("http://127.0.0.1:9101/openai?api-version=1");
  config.api_key = "sk-1";
  config.headers = {{"X-Title", "arbstr"}, {"X-Empty", ""}};
  const auto upstream = MakeUpstream(config);
  ASSERT_TRUE(upstream.ok());
  EXPECT_EQ(
      upstream->head,
      "POST /openai/chat/completions?api-version=1 HTTP/1.1\r\nhost: 127.0.0.1:9101\r\naccept-encoding: "
      "identity\r\nauthorization: Bearer sk-1\r\nX-Title: arbstr\r\nX-Empty: \r\n");
  EXPECT_EQ(upstream->target.host, "127.0.0.1");
  EXPECT_EQ(upstream->target.port, 9101);
  EXPECT_EQ(upstream->target.tls, nullptr);
}

TEST(UpstreamTest, AzureWantsItsKeyInAHeaderOfItsOwn) {
  ProviderConfig config = Config("http://h/v1");
  config.api_key = "k";
  config.auth = ProviderConfig::Auth::kApiKey;
  const std::string head = MakeUpstream(config)->head;
  EXPECT_NE(head.find("\r\napi-key: k\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("authorization"), std::string::npos) << head;
}

TEST(UpstreamTest, AHeaderOfTheConfigurationReplacesTheKeys) {
  ProviderConfig config = Config("http://h/v1");
  config.api_key = "k";
  config.headers = {{"Authorization", "Custom 1"}};
  EXPECT_EQ(MakeUpstream(config)->head,
            "POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\naccept-encoding: identity\r\nAuthorization: "
            "Custom 1\r\n");
}

TEST(UpstreamTest, WithoutAKeyNoCredentialsAreSent) {
  EXPECT_EQ(MakeUpstream(Config("http://h/v1"))->head,
            "POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\naccept-encoding: identity\r\n");
}

TEST(UpstreamTest, AProxyIsToldTheWholeUrlOfAPlainProvider) {
  ProviderConfig config = Config("http://h:8000/v1?a=b");
  config.proxy = OutboundProxy{"proxy.example", 3128, "Basic eA=="};
  const auto upstream = MakeUpstream(config);
  ASSERT_TRUE(upstream.ok());
  EXPECT_EQ(upstream->head,
            "POST http://h:8000/v1/chat/completions?a=b HTTP/1.1\r\nproxy-authorization: Basic eA==\r\nhost: "
            "h:8000\r\naccept-encoding: identity\r\n");
  ASSERT_TRUE(upstream->target.proxy);
  EXPECT_EQ(upstream->target.proxy->host, "proxy.example");
  EXPECT_EQ(upstream->target.proxy->port, 3128);
  EXPECT_EQ(upstream->target.proxy->name, "proxy.example:3128");
  EXPECT_EQ(upstream->target.proxy->tunnel, nullptr);
}

TEST(UpstreamTest, AnHttpsProviderGetsWhatItGotAndTheProxyATunnel) {
  ProviderConfig config = Config("https://h/v1");
  const std::string head = MakeUpstream(config)->head;
  config.proxy = OutboundProxy{"proxy.example", 3128, "Basic eA=="};
  const auto upstream = MakeUpstream(config);
  ASSERT_TRUE(upstream.ok());
  EXPECT_EQ(upstream->head, head);
  EXPECT_EQ(upstream->target.host, "h");
  ASSERT_TRUE(upstream->target.proxy);
  EXPECT_NE(upstream->target.proxy->tunnel, nullptr);
}

TEST(UpstreamTest, HttpsIsVerifiedAgainstTheSystemsCertificatesOrAFile) {
  const auto system = MakeUpstream(Config("https://h/v1"));
  ASSERT_TRUE(system.ok()) << system.status();
  ASSERT_NE(system->target.tls, nullptr);
  EXPECT_EQ(SSL_CTX_get_verify_mode(system->target.tls->native_handle()), SSL_VERIFY_PEER);
  EXPECT_EQ(system->target.port, 443);
  ProviderConfig config = Config("https://h/v1");
  config.tls_ca_file = "/no/such/ca.pem";
  const auto missing = MakeUpstream(config);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(std::string(missing.status().message())
                .find("provider alpha: cannot read the CA certificates of /no/such"),
            std::string::npos)
      << missing.status();
}

}  // namespace
}  // namespace arbstr::proxy
