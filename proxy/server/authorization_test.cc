#include "proxy/server/authorization.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(AuthorizationTest, TheTokenIsTaken) {
  EXPECT_TRUE(IsAuthorized("Bearer token", "token"));
  EXPECT_TRUE(IsAuthorized("bearer token", "token"));
  EXPECT_TRUE(IsAuthorized("BEARER token", "token"));
  EXPECT_TRUE(IsAuthorized("Bearer   token", "token")) << "RFC 9110 §11.6.2 has 1*SP";
  const std::string any("a b\0\xff", 5);
  EXPECT_TRUE(IsAuthorized("Bearer " + any, any));
}

TEST(AuthorizationTest, NothingElseIs) {
  for (const char* value :
       {"", "Bearer", "Bearer ", "Bearer  ", "token", "Basic token", "Bearer Token", "Bearer token ",
        "Bearer toke", "Bearer tokens", "Bearertoken", "Bearer\ttoken", "Bearer token, Bearer token",
        "Bearer \"token\"", " Bearer token", "xBearer token"}) {
    EXPECT_FALSE(IsAuthorized(value, "token")) << value;
  }
  EXPECT_FALSE(IsAuthorized(std::string("Bearer token\0", 13), "token"));
  EXPECT_FALSE(IsAuthorized(std::string("Bearer tok\0n", 12), "tok"));
  EXPECT_FALSE(IsAuthorized("Bearer " + std::string(1 << 20, 'x'), "token"));
}

}  // namespace
}  // namespace arbstr::proxy
