#include "router/price.h"

#include <gtest/gtest.h>

namespace arbstr::router {
namespace {

TEST(Price, ACostIsTokensTimesRatesPerMillionPlusTheBaseFee) {
  const Provider provider{
      .name = "alpha", .models = {}, .input_rate = 10000, .output_rate = 30000, .base_fee = 1};
  EXPECT_DOUBLE_EQ(CostSats(provider, {.input_tokens = 1'000'000, .output_tokens = 0}), 10001);
  EXPECT_DOUBLE_EQ(CostSats(provider, {.input_tokens = 0, .output_tokens = 1'000'000}), 30001);
  EXPECT_DOUBLE_EQ(CostSats(provider, {.input_tokens = 100, .output_tokens = 200}), 8);
}

TEST(Price, ARequestWithoutTokensCostsTheBaseFee) {
  EXPECT_DOUBLE_EQ(
      CostSats({.name = "alpha", .models = {}, .input_rate = 5, .output_rate = 7, .base_fee = 3}, {}), 3);
}

TEST(Price, CountsBeyondThirtyTwoBitsAreExact) {
  const Provider provider{.name = "alpha", .models = {}, .input_rate = 1, .output_rate = 0, .base_fee = 0};
  EXPECT_DOUBLE_EQ(CostSats(provider, {.input_tokens = 5'000'000'000'000, .output_tokens = 0}), 5'000'000);
}

TEST(Price, TheNominalRequestHasAThousandTokensInAndFiveHundredOut) {
  const Provider provider{
      .name = "alpha", .models = {}, .input_rate = 10000, .output_rate = 30000, .base_fee = 1};
  EXPECT_DOUBLE_EQ(NominalPrice(provider), 26);
}

}  // namespace
}  // namespace arbstr::router
