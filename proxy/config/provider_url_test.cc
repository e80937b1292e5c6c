#include "proxy/config/provider_url.h"

#include <gtest/gtest.h>

#include "proxy/config/display_url.h"

namespace arbstr::proxy {
namespace {

TEST(ProviderUrlTest, TheEndpointIsAppendedToThePath) {
  EXPECT_EQ(*ParseProviderUrl("https://api.example.com/v1"),
            (ProviderUrl{true, "api.example.com", 443, "/v1/chat/completions", "api.example.com"}));
  EXPECT_EQ(ParseProviderUrl("http://localhost/")->path_and_query, "/chat/completions");
  EXPECT_EQ(ParseProviderUrl("http://localhost")->path_and_query, "/chat/completions");
  EXPECT_EQ(ParseProviderUrl("http://localhost/v1/")->path_and_query, "/v1/chat/completions");
}

TEST(ProviderUrlTest, AQueryStaysAfterTheAppendedPath) {
  EXPECT_EQ(ParseProviderUrl("https://x.example/openai/d%20e?api-version=1&a=b")->path_and_query,
            "/openai/d%20e/chat/completions?api-version=1&a=b");
}

TEST(ProviderUrlTest, TheHostHeaderNamesAPortOnlyWhereItIsNotTheDefault) {
  EXPECT_EQ(ParseProviderUrl("http://h:80/v1")->host_header, "h");
  EXPECT_EQ(ParseProviderUrl("http://h:443/v1")->host_header, "h:443");
  EXPECT_EQ(ParseProviderUrl("https://h:443/v1")->host_header, "h");
  EXPECT_EQ(ParseProviderUrl("http://127.0.0.1:9101/v1")->host_header, "127.0.0.1:9101");
}

TEST(ProviderUrlTest, Ipv6KeepsItsBracketsOnlyInTheHostHeader) {
  EXPECT_EQ(*ParseProviderUrl("http://[::1]:9101/v1"),
            (ProviderUrl{false, "::1", 9101, "/v1/chat/completions", "[::1]:9101"}));
}

TEST(ProviderUrlTest, SchemeAndHostAreReadInEitherCase) {
  const ProviderUrl url = *ParseProviderUrl("HTTPS://API.Example.COM/V1");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "api.example.com");
  EXPECT_EQ(url.path_and_query, "/V1/chat/completions");
}

TEST(ProviderUrlTest, ANameMayBeginLikeAnAddress) {
  EXPECT_EQ(
      *ParseProviderUrl("http://10.0.0.1.NIP.io:8000/v1?a=b"),
      (ProviderUrl{false, "10.0.0.1.nip.io", 8000, "/v1/chat/completions?a=b", "10.0.0.1.nip.io:8000"}));
  for (const char* host : {"1.2.3.4.example.com", "192.168.1.1.", "1.example.com", "9gag.com", "10.0.0.1x"}) {
    const auto url = ParseProviderUrl(std::string("https://") + host + "/v1");
    ASSERT_TRUE(url.ok()) << host;
    EXPECT_EQ(url->host, host);
    EXPECT_EQ(url->path_and_query, "/v1/chat/completions");
  }
  EXPECT_FALSE(ParseProviderUrl("https://1.2.3.4.example.com:x/v1").ok());
  EXPECT_FALSE(ParseProviderUrl("https://1.2.3.4.exa%41mple.com/v1").ok());
  EXPECT_FALSE(ParseProviderUrl("https://1user@example.com/v1").ok());
}

TEST(ProviderUrlTest, AnythingElseIsRefused) {
  for (const char* text : {"",
                           "api.example.com/v1",
                           "ftp://h/v1",
                           "https://",
                           "https:///v1",
                           "https://user:secret@h/v1",
                           "https://u@h",
                           "https://h/v1#top",
                           "https://h:0/v1",
                           "https://h:65536/v1",
                           "https://h:80800/v1",
                           "https://h:131072/v1",
                           "https://[::1]:99999/v1",
                           "https://h:x/v1",
                           "https://h/a b",
                           "https://h/\r\n",
                           "https://%41/v1",
                           "http:h/v1",
                           "https://h/v1/chat/completions",
                           "https://h/v1/chat/completions/",
                           "https://[v1.x]/"}) {
    EXPECT_FALSE(ParseProviderUrl(text).ok()) << text;
  }
}

TEST(ProviderUrlTest, AnErrorDoesNotQuoteTheUrl) {
  const std::string error(ParseProviderUrl("https://user:secret@h/v1?key=secret").status().message());
  EXPECT_EQ(error.find("secret"), std::string::npos) << error;
}

TEST(DisplayUrlTest, IsTheBaseUrlWithItsQueryMasked) {
  EXPECT_EQ(DisplayUrl(*ParseProviderUrl("http://[::1]:9101/v1")), "http://[::1]:9101/v1");
  EXPECT_EQ(DisplayUrl(*ParseProviderUrl("https://h/v1?key=sk-secret-secret&flag-of-nine&v=1")),
            "https://h/v1?key=sk-se…&flag…&v=…");
}

}  // namespace
}  // namespace arbstr::proxy
