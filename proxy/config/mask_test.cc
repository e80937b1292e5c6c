#include "proxy/config/mask.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(MaskTest, ALongKeyShowsItsFirstFiveCharacters) { EXPECT_EQ(MaskKey("sk-1234567890abcdef"), "sk-12…"); }

TEST(MaskTest, AShortKeyShowsAtMostAThird) {
  EXPECT_EQ(MaskKey("sk-alpha1"), "sk-…");
  EXPECT_EQ(MaskKey("abc"), "a…");
  EXPECT_EQ(MaskKey("ab"), "…");
  EXPECT_EQ(MaskKey(""), "");
}

TEST(MaskTest, NoPartOfACharacterAndNoControlIsShown) {
  EXPECT_EQ(MaskKey("ké345678901234567890"), "k…");
  EXPECT_EQ(MaskKey("k\n345678901234567890"), "k…");
  EXPECT_EQ(MaskKey("k\x7F"
                    "345678901234567890"),
            "k…");
}

}  // namespace
}  // namespace arbstr::proxy
