#include "proxy/config/exposure.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

ServerConfig ListeningOn(const std::string& host) {
  ServerConfig server;
  server.listen = {host, 8080};
  return server;
}

TEST(ExposureTest, ListeningBeyondLoopbackWithoutATokenWarns) {
  for (const char* host : {"0.0.0.0", "::", "10.1.2.3", "gateway.example"}) {
    const auto warning = ExposureWarning(ListeningOn(host));
    ASSERT_TRUE(warning) << host;
    EXPECT_NE(warning->find(ToString({host, 8080})), std::string::npos) << *warning;
    EXPECT_NE(warning->find("auth_token"), std::string::npos) << *warning;
  }
}

TEST(ExposureTest, ATokenOrLoopbackDoesNot) {
  for (const char* host : {"127.0.0.1", "::1", "localhost"})
    EXPECT_FALSE(ExposureWarning(ListeningOn(host))) << host;
  ServerConfig server = ListeningOn("0.0.0.0");
  server.auth_token = "token";
  EXPECT_FALSE(ExposureWarning(server));
}

}  // namespace
}  // namespace arbstr::proxy
