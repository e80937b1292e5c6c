#include "proxy/config/no_proxy.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(NoProxyTest, AnEmptyListExemptsNothing) {
  for (const char* list : {"", " ", ",", " , ,, "}) {
    EXPECT_FALSE(IsExemptFromProxy(list, "api.example.com", 443)) << list;
    EXPECT_FALSE(IsExemptFromProxy(list, "127.0.0.1", 443)) << list;
  }
}

TEST(NoProxyTest, AStarExemptsEverything) {
  for (const char* list : {"*", "a,*", "*, a", "a *"}) {
    EXPECT_TRUE(IsExemptFromProxy(list, "api.example.com", 443)) << list;
    EXPECT_TRUE(IsExemptFromProxy(list, "::1", 443)) << list;
  }
}

TEST(NoProxyTest, ANameExemptsItselfAndWhatIsBelowIt) {
  for (const char* list : {"example.com", ".example.com", "*.example.com", "EXAMPLE.com.", "a.b, example.com",
                           "a.b\texample.com", "a.b,,.Example.Com"}) {
    for (const char* host : {"example.com", "api.example.com", "a.b.example.com", "API.Example.com."}) {
      EXPECT_TRUE(IsExemptFromProxy(list, host, 443)) << list << " " << host;
    }
    for (const char* host : {"notexample.com", "example.com.evil", "com", "example", "10.0.0.1"}) {
      EXPECT_FALSE(IsExemptFromProxy(list, host, 443)) << list << " " << host;
    }
  }
}

TEST(NoProxyTest, AnAddressExemptsItselfHoweverItIsWritten) {
  EXPECT_TRUE(IsExemptFromProxy("127.0.0.1", "127.0.0.1", 80));
  EXPECT_FALSE(IsExemptFromProxy("127.0.0.1", "127.0.0.11", 80));
  EXPECT_FALSE(IsExemptFromProxy("127.0.0.1", "localhost", 80)) << "names are not looked up";
  EXPECT_FALSE(IsExemptFromProxy("0.1", "127.0.0.1", 80)) << "an address has no suffixes";
  for (const char* list : {"::1", "[::1]", "0:0:0:0:0:0:0:1", "[::1]:80"}) {
    EXPECT_TRUE(IsExemptFromProxy(list, "::1", 80)) << list;
    EXPECT_FALSE(IsExemptFromProxy(list, "::2", 80)) << list;
  }
}

TEST(NoProxyTest, ANetworkExemptsItsAddresses) {
  EXPECT_TRUE(IsExemptFromProxy("10.0.0.0/8", "10.200.3.4", 443));
  EXPECT_TRUE(IsExemptFromProxy("10.1.2.3/8", "10.200.3.4", 443)) << "host bits do not matter";
  EXPECT_FALSE(IsExemptFromProxy("10.0.0.0/8", "11.0.0.1", 443));
  EXPECT_FALSE(IsExemptFromProxy("10.0.0.0/8", "ten.example.com", 443));
  EXPECT_TRUE(IsExemptFromProxy("0.0.0.0/0", "11.0.0.1", 443));
  EXPECT_TRUE(IsExemptFromProxy("192.168.1.128/25", "192.168.1.200", 443));
  EXPECT_FALSE(IsExemptFromProxy("192.168.1.128/25", "192.168.1.100", 443));
  EXPECT_TRUE(IsExemptFromProxy("fd00::/8", "fd12::1", 443));
  EXPECT_FALSE(IsExemptFromProxy("fd00::/8", "fe80::1", 443));
  EXPECT_FALSE(IsExemptFromProxy("fd00::/8", "10.0.0.1", 443));
  EXPECT_FALSE(IsExemptFromProxy("10.0.0.0/8", "::1", 443));
}

TEST(NoProxyTest, APortMakesAnEntryThatPortsAlone) {
  for (const char* list : {"example.com:8443", "10.0.0.1:8443", "[::1]:8443"}) {
    const std::string host = list[0] == 'e' ? "api.example.com" : list[0] == '1' ? "10.0.0.1" : "::1";
    EXPECT_TRUE(IsExemptFromProxy(list, host, 8443)) << list;
    EXPECT_FALSE(IsExemptFromProxy(list, host, 443)) << list;
  }
}

TEST(NoProxyTest, WhatIsNoEntryMatchesNothing) {
  for (const char* list :
       {"/", "10.0.0.0/33", "10.0.0.0/", "/8", "fd00::/129", "10.0.0.1:", "10.0.0.1:x", "10.0.0.1:443x",
        "10.0.0.1:65979", "[", "[]", "[10.0.0.1", ".", "*.", "http://10.0.0.1", "10.0.0.*"}) {
    EXPECT_FALSE(IsExemptFromProxy(list, "10.0.0.1", 443)) << list;
    EXPECT_FALSE(IsExemptFromProxy(list, "api.example.com", 443)) << list;
    EXPECT_FALSE(IsExemptFromProxy(list, "::1", 443)) << list;
  }
}

}  // namespace
}  // namespace arbstr::proxy
