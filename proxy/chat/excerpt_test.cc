#include "proxy/chat/excerpt.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

TEST(ExcerptTest, IsTheFirst200PrintableBytes) {
  EXPECT_EQ(Excerpt("<html>\r\n\t<h1>502\x7f\x01</h1>"), "<html><h1>502</h1>");
  EXPECT_EQ(Excerpt(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(Excerpt(std::string(201, 'x')), std::string(200, 'x'));
  EXPECT_EQ(Excerpt(std::string(300, '\n') + "x"), "x");
  EXPECT_EQ(Excerpt(""), "");
}

TEST(ExcerptTest, NoCharacterIsCutInTwo) {
  EXPECT_EQ(Excerpt(std::string(198, 'x') + "\xc3\xa9\xc3\xa9"), std::string(198, 'x') + "\xc3\xa9");
  EXPECT_EQ(Excerpt(std::string(199, 'x') + "\xc3\xa9\xc3\xa9"), std::string(199, 'x'));
  for (size_t before = 190; before < 200; ++before) {
    const std::string excerpt =
        Excerpt(std::string(before, 'x') + "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    EXPECT_EQ((excerpt.size() - before) % 4, 0u) << before;
    EXPECT_GT(excerpt.size() + 4, 200u) << before;
  }
  EXPECT_LE(Excerpt(std::string(300, '\x80')).size(), 200u);
}

}  // namespace
}  // namespace arbstr::proxy
