#include "mock_provider/answer/time_text.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(GoDuration, IsWrittenAsGoPrintsIt) {
  EXPECT_EQ(GoDuration(0), "0s");
  EXPECT_EQ(GoDuration(11.2), "12ms");
  EXPECT_EQ(GoDuration(999), "999ms");
  EXPECT_EQ(GoDuration(1000), "1s");
  EXPECT_EQ(GoDuration(1500), "1.5s");
  EXPECT_EQ(GoDuration(59'999), "59.999s");
  EXPECT_EQ(GoDuration(360'000), "6m0s");
  EXPECT_EQ(GoDuration(90'250), "1m30.25s");
  EXPECT_EQ(GoDuration(3'600'000), "1h0m0s");
}

TEST(Rfc3339, IsTheNextWholeSecond) {
  EXPECT_EQ(Rfc3339(1'767'225'600'000.0), "2026-01-01T00:00:00Z");
  EXPECT_EQ(Rfc3339(1'767'225'600'001.0), "2026-01-01T00:00:01Z");
}

}  // namespace
}  // namespace mock_provider
