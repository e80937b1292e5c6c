#include "mock_provider/rules/words.h"

#include <gtest/gtest.h>

#include <string>

namespace mock_provider {
namespace {

using Words = std::vector<std::string_view>;

TEST(Words, EachBringsTheSpaceBeforeIt) {
  EXPECT_EQ(SplitWords("Grüße und Füße"), (Words{"Grüße", " und", " Füße"}));
  EXPECT_EQ(SplitWords("one"), (Words{"one"}));
  EXPECT_EQ(SplitWords(""), Words{});
}

TEST(Words, TheyAddUpToTheTextWhateverItsSpaces) {
  for (const std::string text : {"  a  b  ", "\n", "a\n\nb", " x", "x "}) {
    std::string sum;
    for (const auto word : SplitWords(text)) sum += word;
    EXPECT_EQ(sum, text);
  }
}

TEST(Words, SpacesAreNotCounted) {
  EXPECT_EQ(CountWords("  a  b\nc "), 3);
  EXPECT_EQ(CountWords(" \n"), 0);
}

}  // namespace
}  // namespace mock_provider
