#include "request_log/timestamp.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace arbstr::request_log {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

TEST(TimestampTest, IsUtcWithMilliseconds) {
  EXPECT_EQ(FormatTimestamp(sys_days(2026y / 1 / 31) + 12h + 123ms), "2026-01-31T12:00:00.123Z");
}

TEST(TimestampTest, EveryFieldIsPaddedToItsWidth) {
  EXPECT_EQ(FormatTimestamp(sys_days(2026y / 2 / 3) + 4h + 5min + 6s + 7ms), "2026-02-03T04:05:06.007Z");
}

TEST(TimestampTest, FractionsOfAMillisecondAreCutNotRounded) {
  EXPECT_EQ(FormatTimestamp(sys_days(2024y / 2 / 29) + 23h + 59min + 59s + 999'999us),
            "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(FormatTimestamp(sys_days(1970y / 1 / 1) - 1us), "1969-12-31T23:59:59.999Z");
}

TEST(TimestampTest, OneFormatForManyTimesGivesEachItsOwnText) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  TimestampFormat format;
  std::chrono::system_clock::time_point time{};
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_EQ(format(time), FormatTimestamp(time));
    EXPECT_EQ(ParseTimestamp(format(time)), std::chrono::floor<std::chrono::milliseconds>(time));
    time += std::chrono::microseconds(static_cast<std::int64_t>(random() % 2'000'000) - 900'000);
    if (i % 100 == 0) time += std::chrono::days(i % 300 - 150);
  }
}

TEST(TimestampTest, WhatWasWrittenIsReadAgain) {
  for (const auto time : {sys_days(2026y / 1 / 31) + 12h + 123ms, sys_days(1969y / 12 / 31) + 23h + 0ms,
                          sys_days(2024y / 2 / 29) + 86'399'999ms, sys_days(2261y / 12 / 31) + 1ms}) {
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(time)), time);
  }
}

TEST(TimestampTest, AnythingElseIsNoTimestamp) {
  for (const char* text :
       {"", "t", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00.123Z", "2026-02-30T12:00:00.123Z",
        "2026-01-31T24:00:00.123Z", "2026-01-31T12:60:00.123Z", "2026-01-31T12:00:60.123Z",
        "2026-01-31T12:00:00.12xZ", "2026-01-31T12:00:00.123z"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(TimestampTest, AllYearsThatCanBeAskedForAreWritten) {
  for (const char* text :
       {"0001-01-01T00:00:00.000Z", "1600-02-29T23:59:59.999Z", "9999-12-31T23:59:59.999Z"}) {
    const auto time = ParseTimestamp(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(FormatTimestamp(*time), text);
  }
}

}  // namespace
}  // namespace arbstr::request_log
