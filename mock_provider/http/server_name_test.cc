#include "mock_provider/http/server_name.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(ServerName, AddressesOfBothVersionsAreSuch) {
  for (const char* address : {"127.0.0.1", "192.0.2.7", "::1", "2001:db8::7"})
    EXPECT_TRUE(IsIpAddress(address)) << address;
  for (const char* other : {"", "localhost", "[::1]", "1.2.3", "127.0.0.1,DNS:a"})
    EXPECT_FALSE(IsIpAddress(other)) << other;
}

TEST(ServerName, NamesAreLabelsBetweenDots) {
  for (const char* name : {"mock-provider", "mock_provider", "api.example.com", "*.example.com", "a1"})
    EXPECT_TRUE(IsDnsName(name)) << name;
  for (const char* other :
       {"", ".", "a..b", "a.", "*", "a.*.b", "a b", "a,DNS:b", "grüße", "https://a", "a:1"})
    EXPECT_FALSE(IsDnsName(other)) << other;
  EXPECT_FALSE(IsDnsName(std::string(64, 'a')));
  EXPECT_FALSE(IsDnsName("a" + std::string(300, '.') + "a"));
}

}  // namespace
}  // namespace mock_provider
