#include "request_log/stored_text.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::request_log {
namespace {

using namespace std::string_view_literals;

TEST(StoredTextTest, ValidTextIsStoredAsItIs) {
  for (std::string_view text :
       {""sv, "plain"sv, "\x7F"sv, "é"sv, "€"sv, "\xF0\x9F\x98\x80"sv, "\xF4\x8F\xBF\xBF"sv}) {
    EXPECT_TRUE(IsStorable(text)) << text;
    EXPECT_EQ(MakeStorable(text), text);
  }
}

TEST(StoredTextTest, NulIsReplaced) {
  EXPECT_EQ(MakeStorable("a\0b"sv),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(StoredTextTest, EveryByteOfABrokenCharacterIsReplaced) {
  EXPECT_EQ(MakeStorable("a\xE2\x82"sv), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(StoredTextTest, OverlongSurrogateAndOutOfRangeFormsAreNotStorable) {
  for (std::string_view text :
       {"\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv, "\xF0\x8F\xBF\xBF"sv,
        "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\x80"sv, "\xFF"sv, "\xC3("sv, "\xE2\x28\xA1"sv}) {
    EXPECT_FALSE(IsStorable(text));
    EXPECT_TRUE(IsStorable(MakeStorable(text)));
  }
}

TEST(StoredTextTest, AByteIsSeenWhereverItStands) {
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 't');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(IsStorable(text), byte > 0 && byte < 0x80) << byte << " at " << at << " of " << length;
      }
    }
  }
}

}  // namespace
}  // namespace arbstr::request_log
