#include "proxy/http/head_fields.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(HeadFieldsTest, FieldsKeepTheirOrderNamesAndValues) {
  HeadFields fields;
  for (int i = 0; i < 100; ++i) fields.Add("name-" + std::to_string(i), std::string(100, 'v'));
  ASSERT_EQ(fields.size(), 100u);
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(fields[i].name, "name-" + std::to_string(i));
    EXPECT_EQ(fields[i].value, std::string(100, 'v'));
  }
}

TEST(HeadFieldsTest, NamesAreFoundWhateverTheirCase) {
  HeadFields fields;
  fields.Add("Content-Type", "a");
  fields.Add("content-type", "b");
  EXPECT_EQ(fields[fields.Find("CONTENT-TYPE")].value, "a");
  EXPECT_EQ(fields.Count("content-type"), 2u);
  EXPECT_EQ(fields.Find("content-typ"), fields.size());
  EXPECT_EQ(fields.Count("x"), 0u);
}

// Against one character after the other, at each place of texts of each length.
TEST(HeadFieldsTest, OnlyTheCaseOfLettersMayDiffer) {
  const auto lower = [](int c) { return c >= 'A' && c <= 'Z' ? c + 0x20 : c; };
  for (size_t size = 1; size <= 20; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string a(size, 'x'), b(size, 'X');
      for (int c = 0; c < 256; ++c) {
        for (const int other : {c, c ^ 0x20, c ^ 0x80, c ^ 0xa0, c ^ 1, (c + 0x20) & 0xff}) {
          a[at] = static_cast<char>(c);
          b[at] = static_cast<char>(other);
          ASSERT_EQ(SameName(a, b), lower(c) == lower(other))
              << size << " " << at << " " << c << " " << other;
          ASSERT_TRUE(!SameName(a, b) || NameKey(a) == NameKey(b));
        }
      }
    }
  }
  EXPECT_TRUE(SameName("", ""));
  EXPECT_FALSE(SameName("a", ""));
  EXPECT_FALSE(SameName("content-type", "content-typ"));
}

TEST(HeadFieldsTest, AnEmptyValueIsAValue) {
  HeadFields fields;
  fields.Add("x", "");
  EXPECT_EQ(fields.Find("X"), 0u);
  EXPECT_EQ(fields[0].value, "");
}

}  // namespace
}  // namespace arbstr::proxy
