#include "mock_provider/rules/script_cursor.h"

#include <gtest/gtest.h>

#include <vector>

namespace mock_provider {
namespace {

Rule TwiceThenOnce(Then then) {
  Rule rule;
  rule.script = {{.times = 2}, {.times = 1}};
  rule.then = then;
  return rule;
}

std::vector<std::size_t> Claims(const Rule& rule, int count) {
  const ScriptOrder script(rule);
  ScriptCursor cursor;
  std::vector<std::size_t> steps;
  while (count-- > 0 && !cursor.UsedUp(script)) steps.push_back(cursor.Claim(script));
  return steps;
}

TEST(ScriptCursor, LastKeepsTheLastStep) {
  EXPECT_EQ(Claims(TwiceThenOnce(Then::kLast), 6), (std::vector<std::size_t>{0, 0, 1, 1, 1, 1}));
}

TEST(ScriptCursor, RepeatBeginsAgain) {
  EXPECT_EQ(Claims(TwiceThenOnce(Then::kRepeat), 7), (std::vector<std::size_t>{0, 0, 1, 0, 0, 1, 0}));
}

TEST(ScriptCursor, PassIsUsedUpAfterItsLastStep) {
  EXPECT_EQ(Claims(TwiceThenOnce(Then::kPass), 7), (std::vector<std::size_t>{0, 0, 1}));
}

TEST(ScriptCursor, EachStepOfALongScriptHasItsTurn) {
  Rule rule;
  for (int step = 0; step < 1000; ++step) rule.script.push_back({.times = 1 + step % 3});
  rule.then = Then::kRepeat;
  std::vector<std::size_t> turns;
  for (std::size_t step = 0; step < 1000; ++step) turns.insert(turns.end(), 1 + step % 3, step);
  turns.insert(turns.end(), {0, 1, 1, 2});
  EXPECT_EQ(Claims(rule, static_cast<int>(turns.size())), turns);
}

}  // namespace
}  // namespace mock_provider
