#include "mock_provider/answer/pretended_limit.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

// As captured: "Limit 30000, Used 18928, Requested 11159. Please try again in 174ms."
TEST(PretendedLimit, ItsNumbersAreThoseOfARealError) {
  const PretendedLimit limit = PretendLimit(174);
  EXPECT_EQ(limit.used, 18928);
  EXPECT_EQ(limit.requested, 11159);
  EXPECT_EQ(limit.Remaining(), 11072);
  EXPECT_EQ(limit.full_in_ms, 37'856);
}

TEST(PretendedLimit, TheClientIsShortOfWhatComesBackWhileItWaits) {
  for (const std::int64_t wait : {0, 1, 500, 2000, 20'000}) {
    const PretendedLimit limit = PretendLimit(wait);
    EXPECT_EQ(limit.requested - limit.Remaining(), (wait + 1) / 2) << wait;
  }
}

TEST(PretendedLimit, ALongWaitIsAnEmptyBucket) {
  const PretendedLimit limit = PretendLimit(3'600'000);
  EXPECT_EQ(limit.Remaining(), 0);
  EXPECT_EQ(limit.full_in_ms, 3'600'000);
}

}  // namespace
}  // namespace mock_provider
