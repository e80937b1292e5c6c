#include "proxy/server/rfc3339.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr auto kNoon = sys_days(2026y / 1 / 31) + 12h;

TEST(Rfc3339Test, EveryFormOfOneMomentIsThatMoment) {
  for (const char* text :
       {"2026-01-31T12:00:00Z", "2026-01-31t12:00:00z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00.000Z",
        "2026-01-31T13:00:00+01:00", "2026-01-31T13:00:00 01:00", "2026-01-30T23:30:00-12:30",
        "2026-01-31T11:59:60Z", "2026-01-31T12:00:00.0000000000000000000000Z", "2026-01-31T12:00:00-00:00"}) {
    EXPECT_EQ(ParseRfc3339(text), kNoon) << text;
  }
}

TEST(Rfc3339Test, FractionsAreRoundedUpToAMillisecond) {
  EXPECT_EQ(ParseRfc3339("2026-01-31T12:00:00.5Z"), kNoon + 500ms);
  EXPECT_EQ(ParseRfc3339("2026-01-31T12:00:00.123Z"), kNoon + 123ms);
  EXPECT_EQ(ParseRfc3339("2026-01-31T12:00:00.123000Z"), kNoon + 123ms);
  EXPECT_EQ(ParseRfc3339("2026-01-31T12:00:00.1230001Z"), kNoon + 124ms);
  EXPECT_EQ(ParseRfc3339("2026-01-31T12:00:00.9999Z"), kNoon + 1s);
}

TEST(Rfc3339Test, EarlyAndLateYearsAreRead) {
  EXPECT_EQ(ParseRfc3339("0000-01-01T00:00:00Z"), sys_days(0y / 1 / 1));
  EXPECT_EQ(ParseRfc3339("9999-12-31T23:59:59Z"), sys_days(9999y / 12 / 31) + 24h - 1s);
}

TEST(Rfc3339Test, AnythingElseIsRefused) {
  for (const char* text : {"",
                           "now",
                           "2026",
                           "2026-01-31",
                           "2026-01-31T12:00:00",
                           "2026-01-31T12:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-13-01T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-01-31T24:00:00Z",
                           "2026-01-31T12:60:00Z",
                           "2026-01-31T12:00:61Z",
                           "2026-01-31T12:00:00.Z",
                           "2026-01-31T12:00:00+1:00",
                           "2026-01-31T12:00:00+24:00",
                           "2026-01-31T12:00:00+01:60",
                           "2026-01-31T12:00:00+0100",
                           "2026-01-31T12:00:00Zx",
                           " 2026-01-31T12:00:00Z",
                           "26-01-31T12:00:00Z",
                           "+2026-01-31T12:00:00Z",
                           "2026-1-31T12:00:00Z",
                           "1769860800",
                           "0000-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "9999-12-31T23:59:60Z"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace arbstr::proxy
