#include "mock_provider/answer/sent_head.h"

#include <gtest/gtest.h>

#include <string>

namespace mock_provider {
namespace {

WirePlan Writes(const std::string& bytes) {
  WirePlan plan;
  plan.Write(bytes);
  return plan;
}

std::optional<std::int64_t> Asked(const std::string& headers) {
  return ReadSentHead(Writes("HTTP/1.1 429 Too Many Requests\r\n" + headers + "\r\nbody")).retry_after_ms;
}

TEST(SentHead, TheWaitAskedForIsTheMillisecondsOrElseTheSeconds) {
  EXPECT_EQ(Asked("Retry-After: 3\r\nretry-after-ms: 2500\r\n"), 2500);
  EXPECT_EQ(Asked("x: y\r\nRetry-After: 3\r\n"), 3000);
  EXPECT_EQ(Asked(""), std::nullopt);
}

TEST(SentHead, AWaitMayHaveAFractionOrBeUntilADate) {
  EXPECT_EQ(Asked("retry-after: 0.5\r\n"), 500);
  EXPECT_EQ(Asked("retry-after: 1\r\nretry-after-ms: 250.4\r\n"), 251);
  const std::string until = "retry-after: Wed, 21 Oct 2026 07:28:30 GMT\r\n";
  // Sent up to a second later than its date says, which has no fraction.
  EXPECT_EQ(Asked("date: Wed, 21 Oct 2026 07:28:00 GMT\r\n" + until), 29'000);
  EXPECT_EQ(Asked(until + "date: Wed, 21 Oct 2026 07:28:00 GMT\r\n"), 29'000);
  EXPECT_EQ(Asked("date: Wed, 21 Oct 2026 07:29:00 GMT\r\n" + until), 0) << "it is over";
  constexpr double kOctober21 = 1'792'567'680'000;  // 07:28:00
  EXPECT_EQ(ReadSentHead(Writes("HTTP/1.1 503 x\r\n" + until + "\r\n"), kOctober21 + 250).retry_after_ms,
            29'750);
  WirePlan late;
  late.Pause(2000);
  late.Settle(20);
  late.Append(Writes("HTTP/1.1 503 x\r\n" + until + "\r\n"));
  EXPECT_EQ(ReadSentHead(late, kOctober21).retry_after_ms, 27'980) << "counted from when it is sent";
}

TEST(SentHead, AWaitThatIsNeitherANumberNorADateIsNone) {
  for (const std::string value :
       {"", "-1", "1e3", "soon", "nan", "inf", "infinity", "Wed, 21 Oct 2026", "1 2"})
    EXPECT_EQ(Asked("retry-after: " + value + "\r\n"), std::nullopt) << value;
  EXPECT_GT(*Asked("retry-after: 99999999999999999999\r\n"), 1'000'000'000'000'000);
}

TEST(SentHead, WhetherToRetryIsTrueOrFalse) {
  const auto says = [](const std::string& header) {
    return ReadSentHead(Writes("HTTP/1.1 503 x\r\n" + header + "\r\n\r\n")).should_retry;
  };
  EXPECT_EQ(says("X-Should-Retry: true"), true);
  EXPECT_EQ(says("x-should-retry: false"), false);
  EXPECT_EQ(says("x-should-retry: maybe"), std::nullopt);
  EXPECT_EQ(says("x: y"), std::nullopt);
}

TEST(SentHead, AHeadThatBreaksOffHasAStatusAndAsksForNothing) {
  const SentHead head = ReadSentHead(Writes("HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\nx-a"));
  EXPECT_EQ(head.status, 429);
  EXPECT_EQ(head.retry_after_ms, std::nullopt);
  EXPECT_EQ(ReadSentHead(Writes("HTTP/1.1 42")).status, 0);
}

TEST(SentHead, WhatIsNoHeadOrNeverComesHasNoStatus) {
  EXPECT_EQ(ReadSentHead({}).status, 0);
  EXPECT_EQ(ReadSentHead(Writes("\x16\x03\r\n\r\n")).status, 0);
  EXPECT_EQ(ReadSentHead(Writes("HTTP/1.1 OK two-hundred\r\nretry-after: 5\r\n\r\n")).status, 0);
  for (const double ms : {5.0, kForever}) {
    WirePlan hung;
    hung.Pause(ms);
    hung.Append(Writes("HTTP/1.1 200 OK\r\n\r\n"));
    EXPECT_EQ(ReadSentHead(hung).status, ms == kForever ? 0 : 200);
  }
}

}  // namespace
}  // namespace mock_provider
