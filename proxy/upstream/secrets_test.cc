#include "proxy/upstream/secrets.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using Secrets = std::vector<std::string>;

TEST(SecretsTest, KeyHeadersAndQueryLongestFirst) {
  ProviderConfig provider;
  provider.url = *ParseProviderUrl("https://h/v1?api-version=2024-10-21&code=query-secret-1&sig=short");
  provider.api_key = "sk-key";
  provider.headers = {{"X-Title", "a title of some length"},
                      {"X-Auth-Token", "header-secret"},
                      {"Authorization", "Bearer custom-secret-long"}};
  EXPECT_EQ(SecretsOf(provider), (Secrets{"Bearer custom-secret-long", "custom-secret-long", "query-secret-1",
                                          "header-secret", "sk-key"}));
}

TEST(SecretsTest, WhatStandsInAKeysPlaceIsNone) {
  ProviderConfig provider;
  provider.url = *ParseProviderUrl("http://h/v1");
  for (const char* word : {"", "x", "none", "dummy"}) {
    provider.api_key = word;
    EXPECT_EQ(SecretsOf(provider), Secrets()) << word;
  }
}

TEST(SecretsTest, OfTheQueryInEverySpelling) {
  ProviderConfig provider;
  provider.url = *ParseProviderUrl("https://h/v1?sig=aG%2bVs+bG8%3D&api%5Fkey=plain/enough");
  EXPECT_EQ(SecretsOf(provider), (Secrets{"aG%2BVs%20bG8%3D", "aG%2BVs%2BbG8%3D", "aG%2bVs+bG8%3D",
                                          "plain%2Fenough", "plain/enough", "aG+Vs bG8=", "aG+Vs+bG8="}));
}

TEST(SecretsTest, WhatItsProxyIsToldIsOne) {
  ProviderConfig provider;
  provider.url = *ParseProviderUrl("http://h/v1");
  provider.proxy = OutboundProxy{"proxy", 3128, "Basic dXNlcjpwYXNz"};
  EXPECT_EQ(SecretsOf(provider), (Secrets{"Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"}));
}

TEST(SecretsTest, WithoutCredentialsThereAreNone) {
  ProviderConfig provider;
  provider.url = *ParseProviderUrl("https://h/v1?api-version=2024-10-21&flag");
  EXPECT_EQ(SecretsOf(provider), Secrets());
}

}  // namespace
}  // namespace arbstr::proxy
