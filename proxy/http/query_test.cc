#include "proxy/http/query.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

std::string Shown(std::string_view query) {
  std::string shown;
  for (const auto& [name, value] : SplitQuery(query)) {
    shown.append("[").append(name).append(value ? "|" + std::string(*value) : "").append("]");
  }
  return shown;
}

TEST(QueryTest, PartsComeInOrderAsTheyStandThere) {
  EXPECT_EQ(Shown("a=1&b=%20+&a=2"), "[a|1][b|%20+][a|2]");
  EXPECT_EQ(Shown("a=b=c"), "[a|b=c]");
}

TEST(QueryTest, WhatHasNoEqualsSignHasNoValueAndWhatIsEmptyStaysButAtTheEnd) {
  EXPECT_EQ(Shown(""), "");
  EXPECT_EQ(Shown("a&b=&=c"), "[a][b|][|c]");
  EXPECT_EQ(Shown("a&&b&"), "[a][][b]");
}

}  // namespace
}  // namespace arbstr::proxy
