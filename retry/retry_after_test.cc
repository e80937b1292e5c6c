#include "retry/retry_after.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::retry {
namespace {

using namespace std::chrono_literals;
using std::optional;
using std::chrono::milliseconds;
using std::chrono::sys_days;

// Sun, 06 Nov 1994 08:49:37 GMT: the RFC's own example.
constexpr sys_days kThatDay{std::chrono::year{1994} / 11 / 6};
const std::chrono::system_clock::time_point kThen = kThatDay + 8h + 49min + 37s;

optional<milliseconds> Seconds(std::string_view value, std::chrono::system_clock::time_point now = kThen) {
  return ParseRetryAfter(std::nullopt, value, now);
}

optional<milliseconds> Millis(std::string_view value) { return ParseRetryAfter(value, std::nullopt, kThen); }

TEST(RetryAfter, NeitherHeaderMeansNothingIsAsked) {
  EXPECT_EQ(ParseRetryAfter(std::nullopt, std::nullopt, kThen), std::nullopt);
}

TEST(RetryAfter, NumbersAreSecondsAndMayHaveDecimals) {
  EXPECT_EQ(Seconds("0"), 0ms);
  EXPECT_EQ(Seconds("1"), 1000ms);
  EXPECT_EQ(Seconds("120"), 120000ms);
  EXPECT_EQ(Seconds("0.25"), 250ms);
  EXPECT_EQ(Seconds("1.5"), 1500ms);
  EXPECT_EQ(Seconds(" \t7 "), 7000ms);
  EXPECT_EQ(Seconds("007"), 7000ms);
}

TEST(RetryAfter, FractionsOfAMillisecondAreRoundedUp) {
  EXPECT_EQ(Seconds("0.0001"), 1ms);
  EXPECT_EQ(Seconds("1.0010"), 1001ms);
  EXPECT_EQ(Seconds("1.00100001"), 1002ms);
  EXPECT_EQ(Millis("12.5"), 13ms);
  EXPECT_EQ(Millis("12.0"), 12ms);
  EXPECT_EQ(Millis("0.00"), 0ms);
}

TEST(RetryAfter, TheMillisecondHeaderWins) {
  EXPECT_EQ(Millis("1500"), 1500ms);
  EXPECT_EQ(Millis(" \t1500 "), 1500ms);
  EXPECT_EQ(ParseRetryAfter("1500", "9", kThen), 1500ms);
  EXPECT_EQ(ParseRetryAfter("0", "9", kThen), 0ms);
}

TEST(RetryAfter, AnUnreadableMillisecondHeaderLeavesItToTheOther) {
  EXPECT_EQ(ParseRetryAfter("soon", "9", kThen), 9000ms);
  EXPECT_EQ(ParseRetryAfter("-1", "9", kThen), 9000ms);
  EXPECT_EQ(ParseRetryAfter("", "9", kThen), 9000ms);
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:49:38 GMT", "9", kThen), 9000ms);
}

TEST(RetryAfter, AllThreeFormsOfADateAreRead) {
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:40 GMT"), 3000ms);
  EXPECT_EQ(Seconds("Sunday, 06-Nov-94 08:49:40 GMT"), 3000ms);
  EXPECT_EQ(Seconds("Sun Nov  6 08:49:40 1994"), 3000ms);
  EXPECT_EQ(Seconds("Wed Nov 16 08:49:37 1994"), milliseconds{240h});
}

TEST(RetryAfter, EveryMonthIsRead) {
  const char* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned month = 1; month <= 12; ++month) {
    const sys_days day{std::chrono::year{2024} / static_cast<int>(month) / 20};
    EXPECT_EQ(Seconds("Mon, 20 " + std::string(months[month - 1]) + " 2024 00:00:01 GMT", day), 1000ms)
        << month;
  }
}

TEST(RetryAfter, ADateInThePastIsZero) {
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:37 GMT"), 0ms);
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:36 GMT"), 0ms);
  EXPECT_EQ(Seconds("Thu, 01 Jan 1970 00:00:00 GMT"), 0ms);
  EXPECT_EQ(Seconds("Sat, 01 Jan 0000 00:00:00 GMT"), 0ms);
}

TEST(RetryAfter, TheWaitForADateIsNeverShort) {
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:38 GMT", kThen + 1ns), 1000ms);
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:38 GMT", kThen + 1ms), 999ms);
}

TEST(RetryAfter, ATwoDigitYearIsTheOneNearestToNow) {
  const sys_days in_2026{std::chrono::year{2026} / 11 / 6};
  EXPECT_EQ(Seconds("Sunday, 06-Nov-94 00:00:00 GMT", in_2026), 0ms);
  EXPECT_EQ(Seconds("Friday, 06-Nov-26 00:00:02 GMT", in_2026), 2000ms);
  const sys_days in_2099{std::chrono::year{2099} / 12 / 31};
  EXPECT_EQ(Seconds("Friday, 01-Jan-00 00:00:00 GMT", in_2099), milliseconds{24h});
}

TEST(RetryAfter, ALeapDayExistsInLeapYearsOnly) {
  const sys_days in_2024{std::chrono::year{2024} / 2 / 28};
  EXPECT_EQ(Seconds("Thu, 29 Feb 2024 00:00:00 GMT", in_2024), milliseconds{24h});
  EXPECT_EQ(Seconds("Wed, 29 Feb 2023 00:00:00 GMT", in_2024), std::nullopt);
}

TEST(RetryAfter, ALeapSecondIsRead) {
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:60 GMT"), 23000ms);
  EXPECT_EQ(Seconds("Sun, 06 Nov 1994 08:49:61 GMT"), std::nullopt);
}

TEST(RetryAfter, HugeNumbersAndFarDatesCountAsTheLongest) {
  EXPECT_EQ(Seconds("999999999999999999999999999999"), kLongestRetryAfter);
  EXPECT_EQ(Millis("9223372036854775808"), kLongestRetryAfter);
  EXPECT_EQ(Millis("9223372036854775808.999"), kLongestRetryAfter);
  EXPECT_EQ(Seconds("Fri, 31 Dec 9999 23:59:59 GMT"), kLongestRetryAfter);
}

TEST(RetryAfter, WhatIsNeitherIsAsIfNotSent) {
  for (const char* garbage : {"",
                              " ",
                              "-1",
                              "+1",
                              "1e3",
                              "0x10",
                              "1,5",
                              "1 2",
                              "5s",
                              ".5",
                              "5.",
                              "1.2.3",
                              "inf",
                              "nan",
                              "soon",
                              "Sun, 06 Nov 1994 08:49:37",
                              "Sun, 06 Nov 1994 08:49:37 UTC",
                              "Sun, 06 Nov 1994 08:49:37 GMT x",
                              "Sun, 6 Nov 1994 08:49:37 GMT",
                              "sun, 06 Nov 1994 08:49:37 GMT",
                              "Sun, 00 Nov 1994 08:49:37 GMT",
                              "Sun, 31 Nov 1994 08:49:37 GMT",
                              "Sun, 06 Nov 1994 24:00:00 GMT",
                              "Sun, 06 Nov 1994 08:60:00 GMT",
                              "Sun, 06 Foo 1994 08:49:37 GMT",
                              "Xyz, 06 Nov 1994 08:49:37 GMT",
                              "Sun Nov 6 08:49:37 1994",
                              "Sun Nov    08:49:37 1994",
                              "Sunday, 06-Nov-1994 08:49:37 GMT",
                              "Sunday,",
                              "Sun",
                              "Sun "}) {
    EXPECT_EQ(Seconds(garbage), std::nullopt) << '"' << garbage << '"';
  }
  EXPECT_EQ(Seconds(std::string(129, '1')), std::nullopt);
  EXPECT_EQ(Millis(std::string(1000000, '1')), std::nullopt);
  EXPECT_EQ(Seconds(std::string_view("1\0", 2)), std::nullopt);
}

}  // namespace
}  // namespace arbstr::retry
