#include "proxy/config/built_in.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(BuiltInTest, TheMocksServeEveryModelAndTheFirstIsTheCheapest) {
  const auto providers =
      MockProviders({{"mock-alpha", "http://127.0.0.1:40123"}, {"mock-beta", "http://127.0.0.1:40124"}});
  ASSERT_EQ(providers.size(), 2u);
  EXPECT_EQ(providers[0].name, "mock-alpha");
  EXPECT_EQ(providers[0].url, *ParseProviderUrl("http://127.0.0.1:40123/v1"));
  EXPECT_EQ(providers[1].name, "mock-beta");
  EXPECT_EQ(providers[1].url.port, 40124);
  EXPECT_TRUE(providers[0].models.empty() && providers[1].models.empty());
  EXPECT_LT(providers[0].input_rate, providers[1].input_rate);
  EXPECT_LT(providers[0].output_rate, providers[1].output_rate);
  EXPECT_TRUE(MockProviders({}).empty());
}

}  // namespace
}  // namespace arbstr::proxy
