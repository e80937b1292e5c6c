#include "proxy/config/outbound_proxy.h"

#include <gtest/gtest.h>

#include <map>

namespace arbstr::proxy {
namespace {

using Environment = std::map<std::string, std::string>;

absl::StatusOr<std::optional<OutboundProxy>> For(const std::string& url, const Environment& variables) {
  return ProxyFor(*ParseProviderUrl(url), [&](const std::string& name) -> std::optional<std::string> {
    const auto it = variables.find(name);
    return it == variables.end() ? std::nullopt : std::optional(it->second);
  });
}

// "" where there is none.
std::string Shown(const std::string& url, const Environment& variables) {
  const auto proxy = For(url, variables);
  EXPECT_TRUE(proxy.ok()) << proxy.status();
  return proxy.ok() && *proxy ? DisplayProxy(**proxy) : "";
}

TEST(OutboundProxyTest, WithoutVariablesThereIsNone) {
  EXPECT_EQ(Shown("https://api.example.com", {}), "");
  EXPECT_EQ(Shown("http://api.example.com", {}), "");
  EXPECT_EQ(Shown("https://api.example.com", {{"HTTPS_PROXY", ""}, {"https_proxy", ""}}), "");
  EXPECT_EQ(Shown("https://api.example.com", {{"NO_PROXY", "*"}}), "");
}

TEST(OutboundProxyTest, EachSchemeHasItsVariable) {
  const Environment all = {
      {"HTTPS_PROXY", "http://a:1"}, {"http_proxy", "http://b:2"}, {"HTTP_PROXY", "http://c:3"}};
  EXPECT_EQ(Shown("https://api.example.com", all), "a:1");
  EXPECT_EQ(Shown("http://api.example.com", all), "b:2");
  EXPECT_EQ(Shown("http://api.example.com", {{"HTTP_PROXY", "http://c:3"}, {"HTTPS_PROXY", "http://a:1"}}),
            "")
      << "a server must not take HTTP_PROXY: a request's Proxy header may have set it";
  EXPECT_EQ(Shown("https://api.example.com", {{"http_proxy", "http://b:2"}}), "");
}

TEST(OutboundProxyTest, TheLowerCaseNameGoesFirst) {
  EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", "http://b:2"}}), "b:2");
  EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", ""}}), "a:1");
  EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", "http://a:1"}, {"NO_PROXY", "h"}, {"no_proxy", "other"}}),
            "a:1");
}

TEST(OutboundProxyTest, NoProxyGoesByTheProvidersHostAndPort) {
  const Environment proxy = {{"HTTPS_PROXY", "http://a:1"}, {"NO_PROXY", "internal,10.0.0.0/8,h:8443"}};
  EXPECT_EQ(Shown("https://x.internal", proxy), "");
  EXPECT_EQ(Shown("https://10.1.2.3", proxy), "");
  EXPECT_EQ(Shown("https://h:8443", proxy), "");
  EXPECT_EQ(Shown("https://h", proxy), "a:1");
}

TEST(OutboundProxyTest, ALoopbackProviderIsNoException) {
  const Environment all = {{"HTTPS_PROXY", "http://a:1"}, {"http_proxy", "http://b:2"}};
  EXPECT_EQ(Shown("https://127.0.0.1", all), "a:1");
  EXPECT_EQ(Shown("http://localhost:9101", all), "b:2");
}

TEST(OutboundProxyTest, ItsUrlMayLeaveOutWhatGoesWithoutSaying) {
  const std::pair<const char*, const char*> urls[] = {
      {"http://proxy.example.com:3128", "proxy.example.com:3128"},
      {"http://proxy:3128/", "proxy:3128"},
      {"proxy:3128", "proxy:3128"},
      {"proxy", "proxy:80"},
      {"http://proxy", "proxy:80"},
      {"HTTP://proxy:1", "proxy:1"},
      {"10.0.0.1:8080", "10.0.0.1:8080"},
      {"http://[::1]:8080", "[::1]:8080"},
      {"user:secret@proxy:3128", "proxy:3128"},
      {"http://10.0.0.1.example.com:3128", "10.0.0.1.example.com:3128"},
      {"user:1.2.3.4@10.0.0.1.example.com:3128", "10.0.0.1.example.com:3128"},
  };
  for (const auto& [text, shown] : urls)
    EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", text}}), shown) << text;
}

TEST(OutboundProxyTest, ItsUserAndPasswordBecomeBasicCredentials) {
  const auto authorization = [](const char* text) {
    const auto proxy = For("https://h", {{"HTTPS_PROXY", text}});
    return proxy.ok() && *proxy ? (*proxy)->authorization : "no proxy";
  };
  EXPECT_EQ(authorization("http://proxy"), "");
  EXPECT_EQ(authorization("http://Aladdin:open%20sesame@proxy"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(authorization("http://user@proxy"), "Basic dXNlcjo=");
  EXPECT_EQ(authorization("http://a:b%40c%3Ad@proxy"), "Basic YTpiQGM6ZA==");
  EXPECT_EQ(authorization("a:b@proxy:1"), "Basic YTpi");
}

TEST(OutboundProxyTest, WhatIsNoHttpProxyIsAnErrorThatDoesNotQuoteIt) {
  for (const char* text :
       {"socks5://user:secret@proxy:1080", "https://user:secret@proxy:443", "http://user:secret@",
        "http://secret:port", "http://secret:0", "http://secret:70000", "http://secret/path",
        "http://secret?x", "://secret", "http://sec ret", "http://sec%72et"}) {
    const auto proxy = For("https://h", {{"https_proxy", text}});
    ASSERT_FALSE(proxy.ok()) << text;
    const std::string message(proxy.status().message());
    EXPECT_NE(message.find("variable https_proxy must be"), std::string::npos) << message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
}

TEST(OutboundProxyTest, AllProxyIsForWhatHasNoVariableOfItsOwn) {
  EXPECT_EQ(Shown("http://h", {{"ALL_PROXY", "http://all:1"}}),
            Shown("http://h", {{"http_proxy", "http://all:1"}}));
  EXPECT_EQ(Shown("https://h", {{"all_proxy", "http://all:1"}, {"ALL_PROXY", "http://other:1"}}),
            Shown("https://h", {{"https_proxy", "http://all:1"}}));
  EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", "http://own:1"}, {"all_proxy", "http://all:1"}}),
            Shown("https://h", {{"https_proxy", "http://own:1"}}));
}

TEST(OutboundProxyTest, AWrongVariableThatNobodyNeedsIsNoError) {
  EXPECT_EQ(Shown("http://h", {{"HTTPS_PROXY", "socks5://x"}}), "");
  EXPECT_EQ(Shown("https://h", {{"HTTPS_PROXY", "socks5://x"}, {"NO_PROXY", "h"}}), "");
}

}  // namespace
}  // namespace arbstr::proxy
