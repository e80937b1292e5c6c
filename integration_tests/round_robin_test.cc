// Providers take turns over all connections and event loops, each model's requests by themselves.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

class RoundRobinTest : public GatewayTest {};

TEST_F(RoundRobinTest, RequestsOnConnectionsOfTheirOwnTakeTurns) {
  Start(R"({"providers":[{"name":"alpha"},{"name":"beta"},{"name":"gamma"}]})",
        {.server = "threads = 4\n",
         .provider = "models = [\"m\", \"n\"]\n",
         .more = "[policies]\ndefault_strategy = \"round_robin\"\n"});
  for (int round = 0; round < 8; ++round) {
    for (const char* provider : {"alpha", "beta", "gamma"}) {
      for (const char* model : {"m", "n"}) EXPECT_EQ(Chat(model).Header("x-arbstr-provider"), provider);
    }
  }
}

}  // namespace
}  // namespace integration_tests
