#include "mock_provider/rules/schedule.h"

#include <gtest/gtest.h>

#include <limits>

namespace mock_provider {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

TEST(Schedule, AWindowIsOpenFromItsBeginningToJustBeforeItsEnd) {
  const std::vector<Window> windows = {{.after_ms = 100, .for_ms = 50}};
  EXPECT_FALSE(AnyWindowOpen(windows, 99.9));
  EXPECT_TRUE(AnyWindowOpen(windows, 100));
  EXPECT_TRUE(AnyWindowOpen(windows, 149.9));
  EXPECT_FALSE(AnyWindowOpen(windows, 150));
  EXPECT_FALSE(AnyWindowOpen(windows, 100'000));
}

TEST(Schedule, AWindowWithoutALengthStaysOpen) {
  EXPECT_TRUE(AnyWindowOpen({{.after_ms = 100}}, 1e9));
  EXPECT_FALSE(AnyWindowOpen({{.after_ms = 100}}, 0));
}

TEST(Schedule, ARepeatedWindowOpensEachPeriod) {
  const std::vector<Window> windows = {{.after_ms = 60, .for_ms = 30, .every_ms = 300}};
  EXPECT_TRUE(AnyWindowOpen(windows, 60));
  EXPECT_FALSE(AnyWindowOpen(windows, 90));
  EXPECT_TRUE(AnyWindowOpen(windows, 360));
  EXPECT_TRUE(AnyWindowOpen(windows, 60 + 300 * 1000 + 29));
  EXPECT_FALSE(AnyWindowOpen(windows, 60 + 300 * 1000 + 30));
}

TEST(Schedule, TheNextEdgeIsTheNextOpeningOrClosing) {
  const std::vector<Window> windows = {{.after_ms = 60, .for_ms = 30, .every_ms = 300}};
  EXPECT_EQ(NextWindowEdge(windows, 0), 60);
  EXPECT_EQ(NextWindowEdge(windows, 60), 90);
  EXPECT_EQ(NextWindowEdge(windows, 90), 360);
  EXPECT_EQ(NextWindowEdge({{.after_ms = 10, .for_ms = 5}}, 15), kNever);
  EXPECT_EQ(NextWindowEdge({{.after_ms = 10}}, 10), kNever);
  EXPECT_EQ(NextWindowEdge({}, 0), kNever);
}

TEST(Schedule, EachEdgeOfAWindowOfFractionsIsHitToTheMicrosecond) {
  const std::vector<Window> windows = {{.after_ms = 0.1, .for_ms = 33.3, .every_ms = 99.9}};
  for (int period = 0; period < 10'000; ++period) {
    const double opens = (100 + period * 99'900) / 1000.0, closes = (33'400 + period * 99'900) / 1000.0;
    const double opens_again = (100'000 + period * 99'900) / 1000.0;
    ASSERT_TRUE(AnyWindowOpen(windows, opens)) << opens;
    ASSERT_FALSE(AnyWindowOpen(windows, closes)) << closes;
    ASSERT_EQ(NextWindowEdge(windows, opens), closes);
    ASSERT_EQ(NextWindowEdge(windows, closes), opens_again);
  }
}

}  // namespace
}  // namespace mock_provider
