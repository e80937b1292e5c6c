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

TEST(SentHead, AWaitThatIsNoNumberIsNone) {
  for (const std::string value :
       {"", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"}) {
    EXPECT_EQ(Asked("retry-after: " + value + "\r\n"), std::nullopt) << value;
  }
  EXPECT_EQ(Asked("retry-after: 9223372036854775807\r\n"), 9223372036854775000);
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
