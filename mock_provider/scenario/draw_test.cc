#include "mock_provider/scenario/draw.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

double FirstDraw(std::uint64_t seed, const char* provider, const char* rule, const char* key,
                 std::uint64_t n) {
  return DrawSequence({.seed = seed, .provider = provider, .rule = rule, .key = key, .n = n}).Next();
}

TEST(Draw, TheCheckValuesOfTheRecipeComeOut) {
  EXPECT_NEAR(FirstDraw(42, "mock", "sometimes", "", 0), 0.751051, 5e-7);
  EXPECT_NEAR(FirstDraw(42, "mock", "sometimes", "", 1), 0.560963, 5e-7);
  EXPECT_NEAR(FirstDraw(42, "mock", "sometimes", "", 2), 0.706604, 5e-7);
}

TEST(Draw, EveryPartOfThePlaceMattersAndNothingElse) {
  const double draw = FirstDraw(1, "a", "r", "k", 3);
  EXPECT_EQ(draw, FirstDraw(1, "a", "r", "k", 3));
  EXPECT_NE(draw, FirstDraw(2, "a", "r", "k", 3));
  EXPECT_NE(draw, FirstDraw(1, "b", "r", "k", 3));
  EXPECT_NE(draw, FirstDraw(1, "a", "s", "k", 3));
  EXPECT_NE(draw, FirstDraw(1, "a", "r", "l", 3));
  EXPECT_NE(draw, FirstDraw(1, "a", "r", "k", 4));
  EXPECT_NE(FirstDraw(1, "ab", "c", "", 0), FirstDraw(1, "a", "bc", "", 0));
}

TEST(Draw, DrawsAreSpreadEvenly) {
  int low = 0;
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    const double draw = FirstDraw(7, "mock", "rule", "", n);
    ASSERT_GE(draw, 0);
    ASSERT_LT(draw, 1);
    if (draw < 0.3) ++low;
  }
  EXPECT_NEAR(low, 3000, 150);
}

}  // namespace
}  // namespace mock_provider
