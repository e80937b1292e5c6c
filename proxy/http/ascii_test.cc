#include "proxy/http/ascii.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(AsciiTest, OnlyLettersHaveALowerCase) {
  EXPECT_EQ(ToLower("AZaz@[`{09-\xC4\xE4"), "azaz@[`{09-\xC4\xE4");
  EXPECT_EQ(ToLower(""), "");
}

// Against one character after the other, at each place of texts of each length.
TEST(AsciiTest, OnlyTheCaseOfLettersMayDiffer) {
  const auto lower = [](int c) { return c >= 'A' && c <= 'Z' ? c + 0x20 : c; };
  for (size_t size = 1; size <= 20; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string a(size, 'x'), b(size, 'X');
      for (int c = 0; c < 256; ++c) {
        for (const int other : {c, c ^ 0x20, c ^ 0x80, c ^ 0xa0, c ^ 1, (c + 0x20) & 0xff}) {
          a[at] = static_cast<char>(c);
          b[at] = static_cast<char>(other);
          ASSERT_EQ(EqualsIgnoringCase(a, b), lower(c) == lower(other))
              << size << " " << at << " " << c << " " << other;
        }
      }
    }
  }
  EXPECT_TRUE(EqualsIgnoringCase("", ""));
  EXPECT_FALSE(EqualsIgnoringCase("a", ""));
  EXPECT_FALSE(EqualsIgnoringCase("content-type", "content-typ"));
}

}  // namespace
}  // namespace arbstr::proxy
