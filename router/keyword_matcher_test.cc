#include "router/keyword_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tools/testing/random_seed.h"

namespace arbstr::router {
namespace {

using Keywords = std::vector<std::string>;

std::vector<PolicyRule> Rules(const std::vector<Keywords>& keywords_by_rule) {
  std::vector<PolicyRule> rules;
  for (const Keywords& keywords : keywords_by_rule) {
    rules.emplace_back().keywords = keywords;
  }
  return rules;
}

std::optional<std::size_t> FirstRule(const std::vector<Keywords>& keywords_by_rule, std::string_view text) {
  return KeywordMatcher(Rules(keywords_by_rule)).FirstRule(text);
}

TEST(KeywordMatcher, FindsAKeywordAnywhereInTheText) {
  EXPECT_EQ(FirstRule({{"debug"}}, "debug this"), 0u);
  EXPECT_EQ(FirstRule({{"debug"}}, "please debug"), 0u);
  EXPECT_EQ(FirstRule({{"debug"}}, "undebugged"), 0u);
  EXPECT_EQ(FirstRule({{"debug"}}, "debu g"), std::nullopt);
  EXPECT_EQ(FirstRule({{"debug"}}, ""), std::nullopt);
}

TEST(KeywordMatcher, LettersMatchInEitherCase) {
  EXPECT_EQ(FirstRule({{"DeBug"}}, "dEbUG"), 0u);
  EXPECT_EQ(FirstRule({{"z[A"}}, "Z[a"), 0u);
  EXPECT_EQ(FirstRule({{"z[A"}}, "Z{a"), std::nullopt);
}

TEST(KeywordMatcher, BytesBeyondAsciiMatchExactly) {
  EXPECT_EQ(FirstRule({{"größe"}}, "die GRößE"), 0u);
  EXPECT_EQ(FirstRule({{"größe"}}, "die GRÖSSE"), std::nullopt);
}

TEST(KeywordMatcher, TheFirstRuleWinsWhereverItsKeywordStands) {
  EXPECT_EQ(FirstRule({{"late"}, {"early"}}, "early and late"), 0u);
  EXPECT_EQ(FirstRule({{"absent"}, {"early"}, {"late"}}, "late and early"), 1u);
}

TEST(KeywordMatcher, AKeywordInsideAnotherIsFound) {
  EXPECT_EQ(FirstRule({{"bug"}, {"debugger"}}, "debugged"), 0u);
  EXPECT_EQ(FirstRule({{"debugger"}, {"bug"}}, "debugged"), 1u);
  EXPECT_EQ(FirstRule({{"debugger"}, {"bug"}}, "debuggers"), 0u);
}

TEST(KeywordMatcher, AFalseStartIsTakenUpAgain) {
  EXPECT_EQ(FirstRule({{"ababc"}}, "abababc"), 0u);
  EXPECT_EQ(FirstRule({{"aab"}}, "aaaab"), 0u);
}

TEST(KeywordMatcher, AnEmptyKeywordNeverMatches) {
  const KeywordMatcher matcher(Rules({{""}, {}}));
  EXPECT_TRUE(matcher.empty());
  EXPECT_EQ(matcher.FirstRule("anything"), std::nullopt);
  EXPECT_EQ(FirstRule({{""}, {"x"}}, "xyz"), 1u);
}

TEST(KeywordMatcher, EveryByteValueMayStandInAKeyword) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  EXPECT_EQ(FirstRule({{every}}, "x" + every + "x"), 0u);
  EXPECT_EQ(FirstRule({{every}}, every.substr(1)), std::nullopt);
}

TEST(KeywordMatcher, AgreesWithSearchingEachKeywordInTurn) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  SCOPED_TRACE("ARBSTR_SEED=" + std::to_string(seed));
  std::mt19937_64 engine(seed);
  const auto word = [&engine](std::size_t longest) {
    std::string text(engine() % (longest + 1), ' ');
    for (char& c : text) c = "abAB\xc3"[engine() % 5];
    return text;
  };
  const auto lower = [](std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    std::vector<Keywords> rules(engine() % 4);
    for (Keywords& keywords : rules) {
      keywords.resize(engine() % 4);
      for (std::string& keyword : keywords) keyword = word(6);
    }
    const std::string text = word(20);
    std::optional<std::size_t> expected;
    for (std::size_t rule = 0; rule < rules.size() && !expected; ++rule) {
      const bool occurs =
          std::any_of(rules[rule].begin(), rules[rule].end(), [&](const std::string& keyword) {
            return !keyword.empty() && lower(text).find(lower(keyword)) != std::string::npos;
          });
      if (occurs) expected = rule;
    }
    ASSERT_EQ(FirstRule(rules, text), expected) << text;
  }
}

}  // namespace
}  // namespace arbstr::router
