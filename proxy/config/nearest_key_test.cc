#include "proxy/config/nearest_key.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

const std::vector<std::string> kKnown = {"listen", "threads", "auth_token", "deadline_ms", "max_deadline_ms"};

TEST(NearestKeyTest, OneSlipIsFound) {
  EXPECT_EQ(NearestKey("lisen", kKnown), "listen");
  EXPECT_EQ(NearestKey("listenn", kKnown), "listen");
  EXPECT_EQ(NearestKey("Listen", kKnown), "listen");
  EXPECT_EQ(NearestKey("auth-token", kKnown), "auth_token");
}

TEST(NearestKeyTest, TheNearestOfSeveralWins) {
  EXPECT_EQ(NearestKey("deadline", kKnown), "deadline_ms");
  EXPECT_EQ(NearestKey("max_deadline", kKnown), "max_deadline_ms");
}

TEST(NearestKeyTest, WhatIsFarFromAllIsNotGuessedAt) {
  EXPECT_EQ(NearestKey("colour", kKnown), "");
  EXPECT_EQ(NearestKey("x", kKnown), "");
  EXPECT_EQ(NearestKey("", kKnown), "");
  EXPECT_EQ(NearestKey("listen", {}), "");
  EXPECT_EQ(NearestKey(std::string(1'000'000, 'x'), kKnown), "");
}

}  // namespace
}  // namespace arbstr::proxy
