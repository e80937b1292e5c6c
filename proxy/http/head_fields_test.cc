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

TEST(HeadFieldsTest, NamesThatAreTheSameHaveTheSameKey) {
  for (int c = 0; c < 128; ++c) {
    const std::string name = std::string(1, static_cast<char>(c)) + "x";
    EXPECT_EQ(NameKey(name), NameKey(ToLower(name)));
    EXPECT_EQ(NameKey(std::string(name.rbegin(), name.rend())),
              NameKey(ToLower(std::string(name.rbegin(), name.rend()))));
  }
}

TEST(HeadFieldsTest, AnEmptyValueIsAValue) {
  HeadFields fields;
  fields.Add("x", "");
  EXPECT_EQ(fields.Find("X"), 0u);
  EXPECT_EQ(fields[0].value, "");
}

}  // namespace
}  // namespace arbstr::proxy
