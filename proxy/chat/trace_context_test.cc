#include "proxy/chat/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

// The specification's own example.
const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kGood = "00-" + kTrace + "-00f067aa0ba902b7-01";

TEST(TraceContextTest, AValidParentNamesItsTrace) {
  EXPECT_EQ(TraceIdOf(kGood), kTrace);
  EXPECT_EQ(TraceIdOf("00-" + kTrace + "-00f067aa0ba902b7-00"), kTrace);
}

TEST(TraceContextTest, ALaterVersionMayHaveMoreBehindADash) {
  EXPECT_EQ(TraceIdOf("01" + kGood.substr(2)), kTrace);
  EXPECT_EQ(TraceIdOf("cc" + kGood.substr(2) + "-what-the-future-brings"), kTrace);
  EXPECT_EQ(TraceIdOf("cc" + kGood.substr(2) + ".what"), "");
  EXPECT_EQ(TraceIdOf(kGood + "-more"), "");
}

TEST(TraceContextTest, WhatIsNotValidNamesNone) {
  EXPECT_EQ(TraceIdOf(""), "");
  EXPECT_EQ(TraceIdOf("ff" + kGood.substr(2)), "") << "a version that is never used";
  EXPECT_EQ(TraceIdOf("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"), "");
  EXPECT_EQ(TraceIdOf("00-" + kTrace + "-0000000000000000-01"), "");
  for (std::size_t i = 0; i < kGood.size(); ++i) {
    for (const char wrong : {'g', 'F', '_', ' '}) {
      std::string bad = kGood;
      bad[i] = wrong;
      EXPECT_EQ(TraceIdOf(bad), "") << bad;
    }
    EXPECT_EQ(TraceIdOf(kGood.substr(0, i)), "") << i;
  }
}

}  // namespace
}  // namespace arbstr::proxy
