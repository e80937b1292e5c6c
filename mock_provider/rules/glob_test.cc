#include "mock_provider/rules/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace mock_provider {
namespace {

TEST(Glob, WithoutWildcardsOnlyTheTextItselfFits) {
  EXPECT_TRUE(GlobMatches("gpt-4o", "gpt-4o"));
  EXPECT_FALSE(GlobMatches("gpt-4o", "gpt-4o-mini"));
  EXPECT_TRUE(GlobMatches("", ""));
  EXPECT_FALSE(GlobMatches("", "x"));
}

TEST(Glob, AStarIsAnyRunOfBytesAndAnEmptyOneToo) {
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("gpt*", "gpt"));
  EXPECT_TRUE(GlobMatches("*mini*", "gpt-4o-mini-2024"));
  EXPECT_TRUE(GlobMatches("a*b*c", "aXbXbXc"));
  EXPECT_FALSE(GlobMatches("a*b*c", "aXbXbX"));
}

TEST(Glob, AQuestionMarkIsOneByte) {
  EXPECT_TRUE(GlobMatches("gpt-?o", "gpt-4o"));
  EXPECT_FALSE(GlobMatches("gpt-?o", "gpt-o"));
}

TEST(Glob, AHostilePatternTakesNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  EXPECT_FALSE(GlobMatches(pattern + "b", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace mock_provider
