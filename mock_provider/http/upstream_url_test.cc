#include "mock_provider/http/upstream_url.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(UpstreamUrl, ItsPartsAreFoundAndTheSchemesPortIsMeantWhereNoneIsGiven) {
  const auto secure = ParseUpstreamUrl("https://api.example.com/openai/v1/");
  ASSERT_TRUE(secure.ok()) << secure.status();
  EXPECT_TRUE(secure->tls);
  EXPECT_EQ(secure->host, "api.example.com");
  EXPECT_EQ(secure->port, "443");
  EXPECT_EQ(secure->base, "/openai/v1");
  EXPECT_EQ(secure->Authority(), "api.example.com");
  const auto plain = ParseUpstreamUrl("http://[::1]:8080");
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->host, "::1");
  EXPECT_EQ(plain->base, "");
  EXPECT_EQ(plain->Authority(), "[::1]:8080");
}

TEST(UpstreamUrl, WhatIsNoBaseAddressIsRefused) {
  for (const char* wrong :
       {"", "api.example.com", "ftp://x", "http://", "http://:80", "https://u:p@x/v1", "http://x:0",
        "http://x:", "http://x:99999", "http://x:8a", "http://x/v1?key=1", "http://x/#f", "http://x/a b",
        "http://x\r\n/", "http://[::1", "http://[::1]80"}) {
    EXPECT_FALSE(ParseUpstreamUrl(wrong).ok()) << wrong;
  }
}

TEST(UpstreamUrl, AVersionThatBaseAndRequestShareIsMeantOnce) {
  EXPECT_EQ(UpstreamPath("/v1", "/v1/chat/completions?a=b"), "/v1/chat/completions?a=b");
  EXPECT_EQ(UpstreamPath("/openai/v1", "/v1/models"), "/openai/v1/models");
  EXPECT_EQ(UpstreamPath("", "/v1/models"), "/v1/models");
  EXPECT_EQ(UpstreamPath("/v1", "/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(UpstreamPath("/v1", "/v1beta/models"), "/v1/v1beta/models");
}

}  // namespace
}  // namespace mock_provider
