#include "mock_provider/rules/rule_engine.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

Action Error(int status) { return {.error = ErrorAnswer{.status = status}}; }

Rule NamedRule(const std::string& name, std::vector<Step> script, Then then) {
  Rule rule;
  rule.name = name;
  rule.script = std::move(script);
  rule.then = then;
  return rule;
}

class RuleEngineTest : public ::testing::Test {
 protected:
  RuleEngine Engine(std::vector<Rule> rules) { return RuleEngine(42, "mock", rules); }

  // The rule that a request met and its error's status, as "name 503"; "-" for none.
  static std::string Ask(RuleEngine& engine, const std::string& model = "m", double now_ms = 0,
                         std::vector<std::pair<std::string, std::string>> headers = {}) {
    HttpRequest http{.method = "POST", .target = "/v1/chat/completions", .headers = std::move(headers)};
    const Decision decision = engine.Decide(http, {.model = model}, 1, now_ms);
    if (!decision.hit.rule) return "-";
    return *decision.hit.rule + " " +
           std::to_string(decision.action->error ? decision.action->error->status : 200);
  }
};

TEST_F(RuleEngineTest, TheFirstActiveRuleWinsAndAUsedUpOneLetsTheNextTry) {
  auto engine = Engine({NamedRule("first", {{.action = Error(500)}}, Then::kPass),
                        NamedRule("second", {{.action = Error(503), .times = 2}}, Then::kPass)});
  EXPECT_EQ(Ask(engine), "first 500");
  EXPECT_EQ(Ask(engine), "second 503");
  EXPECT_EQ(Ask(engine), "second 503");
  EXPECT_EQ(Ask(engine), "-");
}

TEST_F(RuleEngineTest, AScriptGoesOnStepByStepForEachKeyByItself) {
  Rule rule = NamedRule("twice", {{.action = Error(503), .times = 2}, {.action = Error(418)}}, Then::kLast);
  rule.key = {.source = Key::Source::kHeader, .name = "x-test-id"};
  auto engine = Engine({rule});
  EXPECT_EQ(Ask(engine, "m", 0, {{"x-test-id", "a"}}), "twice 503");
  EXPECT_EQ(Ask(engine, "m", 0, {{"x-test-id", "b"}}), "twice 503");
  EXPECT_EQ(Ask(engine, "m", 0, {{"x-test-id", "a"}}), "twice 503");
  EXPECT_EQ(Ask(engine, "m", 0, {{"x-test-id", "a"}}), "twice 418");
  EXPECT_EQ(Ask(engine, "m", 0, {{"x-test-id", "b"}}), "twice 503");
}

TEST_F(RuleEngineTest, ARuleSleepsOutsideItsScheduleWithoutLosingAStep) {
  Rule rule = NamedRule("outage", {{.action = Error(503)}}, Then::kPass);
  rule.schedule = {{.after_ms = 100, .for_ms = 50}};
  auto engine = Engine({rule});
  EXPECT_EQ(Ask(engine, "m", 99), "-");
  EXPECT_EQ(Ask(engine, "m", 160), "-");
  EXPECT_EQ(Ask(engine, "m", 120), "outage 503");
}

// The draws of "sometimes" with seed 42 begin 0.751, 0.561, 0.707.
TEST_F(RuleEngineTest, AMissedDrawUsesUpAnNButNoStep) {
  Rule rule = NamedRule("sometimes", {{.action = Error(500)}, {.action = Error(503)}}, Then::kPass);
  rule.probability = 0.72;
  auto engine = Engine({rule});
  EXPECT_EQ(Ask(engine), "-");
  EXPECT_EQ(Ask(engine), "sometimes 500");
  EXPECT_EQ(Ask(engine), "sometimes 503");
}

TEST_F(RuleEngineTest, TheJournalsFactsComeWithTheDecision) {
  Rule rule = NamedRule("sometimes", {{.action = Error(500)}}, Then::kRepeat);
  rule.probability = 0.72;
  auto engine = Engine({rule});
  Ask(engine);
  const Decision decision = engine.Decide({}, {}, 1, 0);
  EXPECT_EQ(decision.hit.step, 0);
  EXPECT_EQ(decision.hit.n, 1u);
  EXPECT_NEAR(decision.hit.draw.value_or(0), 0.560963, 5e-7);
}

TEST_F(RuleEngineTest, AChoiceFallsByTheSameDraw) {
  Step step;
  step.choose = {{.weight = 7, .action = Error(500)}, {.weight = 3, .action = Error(503)}};
  auto engine = Engine({NamedRule("sometimes", {step}, Then::kRepeat)});
  EXPECT_EQ(Ask(engine), "sometimes 503");  // 0.751
  EXPECT_EQ(Ask(engine), "sometimes 500");  // 0.561
  EXPECT_EQ(Ask(engine), "sometimes 503");  // 0.707
}

TEST_F(RuleEngineTest, WithChanceAndChoiceBothEveryChoiceStillComesUp) {
  Step step;
  step.choose = {{.weight = 1, .action = Error(500)}, {.weight = 1, .action = Error(503)}};
  Rule rule = NamedRule("r", {step}, Then::kRepeat);
  rule.probability = 0.3;
  auto engine = Engine({rule});
  int first = 0, second = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string met = Ask(engine);
    if (met == "r 500") ++first;
    if (met == "r 503") ++second;
  }
  EXPECT_NEAR(first, 450, 80);
  EXPECT_NEAR(second, 450, 80);
}

TEST_F(RuleEngineTest, AChanceOfThirtyPercentIsThirtyPercent) {
  constexpr int kRequests = 100'000;
  Rule rule = NamedRule("sometimes", {{.action = Error(503)}}, Then::kRepeat);
  rule.probability = 0.3;
  for (const std::uint64_t seed : {0, 42}) {
    RuleEngine engine(seed, "mock", {rule});
    int hits = 0;
    for (int i = 0; i < kRequests; ++i) hits += Ask(engine) == "-" ? 0 : 1;
    EXPECT_NEAR(hits, 0.3 * kRequests, 0.005 * kRequests) << "seed " << seed;
  }
}

TEST_F(RuleEngineTest, TwoRulesChancesDoNotCompound) {
  // Each rule is asked about the requests that those before it let pass, with draws of its own.
  Rule first = NamedRule("first", {{.action = Error(500)}}, Then::kRepeat);
  Rule second = NamedRule("second", {{.action = Error(503)}}, Then::kRepeat);
  first.probability = second.probability = 0.5;
  auto engine = Engine({first, second});
  int met_first = 0, met_second = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string met = Ask(engine);
    if (met == "first 500") ++met_first;
    if (met == "second 503") ++met_second;
  }
  EXPECT_NEAR(met_first, 10'000, 300);
  EXPECT_NEAR(met_second, 5'000, 300);
}

TEST_F(RuleEngineTest, AnAddedRuleComesFirstAndLeavesTheOthersCountersAlone) {
  auto engine = Engine({NamedRule("old", {{.action = Error(500)}, {.action = Error(503)}}, Then::kLast)});
  EXPECT_EQ(Ask(engine), "old 500");
  engine.AddFirst(NamedRule("new", {{.action = Error(418)}}, Then::kPass));
  EXPECT_EQ(Ask(engine), "new 418");
  EXPECT_EQ(Ask(engine), "old 503");
  engine.Remove("old");
  EXPECT_EQ(Ask(engine), "-");
}

TEST_F(RuleEngineTest, ResetTakesEveryCounterBack) {
  auto engine = Engine({NamedRule("r", {{.action = Error(500)}}, Then::kPass)});
  Ask(engine);
  EXPECT_EQ(Ask(engine), "-");
  engine.Reset();
  EXPECT_EQ(Ask(engine), "r 500");
}

}  // namespace
}  // namespace mock_provider
