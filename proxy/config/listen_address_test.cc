#include "proxy/config/listen_address.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(ListenAddressTest, HostAndPortAreRead) {
  EXPECT_EQ(*ParseListenAddress("127.0.0.1:8080"), (ListenAddress{"127.0.0.1", 8080}));
  EXPECT_EQ(*ParseListenAddress("localhost:0"), (ListenAddress{"localhost", 0}));
  EXPECT_EQ(*ParseListenAddress("[::1]:65535"), (ListenAddress{"::1", 65535}));
}

TEST(ListenAddressTest, WhatIsWrittenCanBeReadBack) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:0", "gateway.example:443"}) {
    EXPECT_EQ(ToString(*ParseListenAddress(text)), text);
  }
}

TEST(ListenAddressTest, AnythingElseIsRefused) {
  for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                           "127.0.0.1:+1", "127.0.0.1:80x", "::1:8080", "[::1]", "[]:80", "[nonsense]:80",
                           "a b:80", "http://localhost:80", "[127.0.0.1]:80"}) {
    EXPECT_FALSE(ParseListenAddress(text).ok()) << text;
  }
}

TEST(ListenAddressTest, AUrlIsToldFromAnAddressWithoutBrackets) {
  EXPECT_NE(ParseListenAddress("http://127.0.0.1:80").status().message().find("leave the http:// out"),
            std::string::npos);
  EXPECT_NE(ParseListenAddress("::1:80").status().message().find("needs brackets"), std::string::npos);
}

TEST(ListenAddressTest, OnlyThisMachineCanReachLoopback) {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IsLoopback({host, 1})) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "example.com", "128.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(IsLoopback({host, 1})) << host;
  }
}

}  // namespace
}  // namespace arbstr::proxy
