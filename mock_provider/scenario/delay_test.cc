#include "mock_provider/scenario/delay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mock_provider {
namespace {

std::vector<double> Samples(const Delay& delay, int count) {
  DrawSequence draws({.seed = 1, .provider = "mock", .rule = "rule", .key = "", .n = 0});
  std::vector<double> samples;
  for (int i = 0; i < count; ++i) samples.push_back(Sample(delay, draws));
  std::sort(samples.begin(), samples.end());
  return samples;
}

TEST(Delay, AFixedOneIsItselfAndTakesNoDraw) {
  DrawSequence draws({.seed = 1, .provider = "", .rule = "", .key = "", .n = 0}), untouched = draws;
  EXPECT_EQ(Sample(Delay::Fixed(250), draws), 250);
  EXPECT_EQ(draws.Next(), untouched.Next());
}

TEST(Delay, AUniformOneStaysBetweenItsBounds) {
  const auto samples = Samples(Delay::Uniform(80, 120), 2000);
  EXPECT_GE(samples.front(), 80);
  EXPECT_LE(samples.back(), 120);
  EXPECT_NEAR(samples[1000], 100, 3);
}

TEST(Delay, ALognormalOneHasItsMedianAndItsMaximum) {
  const auto samples = Samples(Delay::Lognormal(300, 0.4, 500), 2000);
  EXPECT_NEAR(samples[1000], 300, 20);
  EXPECT_EQ(samples.back(), 500);
  EXPECT_GT(samples.front(), 0);
}

TEST(Delay, TheMedianLiesInTheMiddleOfWhatIsDrawn) {
  EXPECT_EQ(Median(Delay::Fixed(7)), 7);
  EXPECT_EQ(Median(Delay::Uniform(10, 20)), 15);
  EXPECT_EQ(Median(Delay::Lognormal(300, 0.5)), 300);
  EXPECT_EQ(Median(Delay::Lognormal(300, 0.5, 200)), 200);
}

}  // namespace
}  // namespace mock_provider
