#include "router/router.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace arbstr::router {
namespace {

using Names = std::vector<std::string>;

Provider Make(std::string name, double output_rate, std::vector<std::string> models = {}) {
  return {.name = std::move(name),
          .models = std::move(models),
          .input_rate = 0,
          .output_rate = output_rate,
          .base_fee = 0};
}

PolicyRule Rule(std::string name) {
  PolicyRule rule;
  rule.name = std::move(name);
  return rule;
}

Query For(std::string_view model) {
  Query query;
  query.model = model;
  return query;
}

// The names of the candidates in order; a refusal is one name in brackets.
Names Decide(const Router& router, const Query& query) {
  std::vector<std::uint32_t> scratch;
  const Route route = router.Decide(query, scratch);
  Names names;
  switch (route.error) {
    case RouteError::kModelNotFound:
      names.push_back("<model not found>");
      break;
    case RouteError::kPolicyNotFound:
      names.push_back("<policy not found>");
      break;
    case RouteError::kPolicyNoMatch:
      names.push_back("<policy no match>");
      break;
    case RouteError::kNone:
      break;
  }
  for (const std::uint32_t i : route.candidates) names.push_back(router.providers()[i].name);
  return names;
}

std::string PolicyOf(const Router& router, const Query& query) {
  std::vector<std::uint32_t> scratch;
  const Route route = router.Decide(query, scratch);
  return route.policy == nullptr ? "none" : route.policy->name;
}

TEST(Router, TheCheapestOfThoseThatServeTheModelComesFirst) {
  const Router router({Make("dear", 30, {"m"}), Make("other", 1, {"x"}), Make("cheap", 10, {"m", "x"})}, {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"cheap", "dear"}));
  EXPECT_EQ(Decide(router, For("x")), (Names{"other", "cheap"}));
}

TEST(Router, InputRateOutputRateAndBaseFeeAllCount) {
  const Router router({{.name = "fee", .models = {}, .input_rate = 0, .output_rate = 0, .base_fee = 30},
                       {.name = "in", .models = {}, .input_rate = 20000, .output_rate = 0, .base_fee = 0},
                       {.name = "out", .models = {}, .input_rate = 0, .output_rate = 50000, .base_fee = 0}},
                      {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"in", "out", "fee"}));
}

TEST(Router, EqualPricesAreOrderedByName) {
  const Router router({Make("b", 10), Make("a", 10), Make("c", 9)}, {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"c", "a", "b"}));
}

TEST(Router, AProviderWithoutModelsServesEveryModel) {
  const Router router({Make("listed", 20, {"m"}), Make("any", 10), Make("any dear", 30)}, {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"any", "listed", "any dear"}));
  EXPECT_EQ(Decide(router, For("never heard of")), (Names{"any", "any dear"}));
}

TEST(Router, ModelsAreComparedExactly) {
  const Router router({Make("alpha", 1, {"gpt-4o"})}, {});
  EXPECT_EQ(Decide(router, For("gpt-4o")), Names{"alpha"});
  for (const char* model : {"GPT-4o", "gpt-4", "gpt-4o-mini", ""}) {
    EXPECT_EQ(Decide(router, For(model)), Names{"<model not found>"}) << model;
  }
  EXPECT_EQ(Decide(Router({}, {}), For("gpt-4o")), Names{"<model not found>"});
}

TEST(Router, OfOneNameTheCheapestThatServesTheModelIsKept) {
  const Router router({Make("a", 30), Make("a", 10, {"m"}), Make("b", 20)}, {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"a", "b"}));
  EXPECT_EQ(Decide(router, For("x")), (Names{"b", "a"}));
}

TEST(Router, AModelListedTwiceByOneProviderIsOneCandidate) {
  const Router router({Make("a", 1, {"m", "m"})}, {});
  EXPECT_EQ(Decide(router, For("m")), Names{"a"});
}

TEST(Router, APriceThatIsNoNumberIsTheDearest) {
  const Router router({Make("nan", std::numeric_limits<double>::quiet_NaN()), Make("b", 1e300), Make("a", 1)},
                      {});
  EXPECT_EQ(Decide(router, For("m")), (Names{"a", "b", "nan"}));
}

TEST(Router, ANamedPolicyAppliesAndAnUnknownOneIsRefusedBeforeAllElse) {
  Policies policies;
  policies.rules = {Rule("code")};
  const Router router({Make("a", 1, {"m"})}, policies);
  Query query = For("m");
  query.policy = "code";
  EXPECT_EQ(Decide(router, query), Names{"a"});
  EXPECT_EQ(PolicyOf(router, query), "code");
  query.policy = "nope";
  EXPECT_EQ(Decide(router, query), Names{"<policy not found>"});
  query.model = "unknown";
  EXPECT_EQ(Decide(router, query), Names{"<policy not found>"});
  query.policy = "";
  EXPECT_EQ(Decide(router, query), Names{"<policy not found>"});
}

TEST(Router, KeywordsChooseTheFirstRuleThatHasOneInTheText) {
  Policies policies;
  policies.rules = {Rule("code"), Rule("prose")};
  policies.rules[0].keywords = {"function", "debug"};
  policies.rules[1].keywords = {"essay"};
  const Router router({Make("a", 1)}, policies);
  EXPECT_TRUE(router.ReadsPrompt());
  Query query = For("m");
  query.last_user_text = "An essay about nothing";
  EXPECT_EQ(PolicyOf(router, query), "prose");
  query.last_user_text = "An essay on how to DEBUG";
  EXPECT_EQ(PolicyOf(router, query), "code");
  query.last_user_text = "hello";
  EXPECT_EQ(PolicyOf(router, query), "none");
}

TEST(Router, ANamedPolicyWinsOverKeywords) {
  Policies policies;
  policies.rules = {Rule("code"), Rule("prose")};
  policies.rules[0].keywords = {"debug"};
  const Router router({Make("a", 1)}, policies);
  Query query = For("m");
  query.policy = "prose";
  query.last_user_text = "debug";
  EXPECT_EQ(PolicyOf(router, query), "prose");
}

TEST(Router, WithoutKeywordsThePromptNeedNotBeRead) {
  Policies policies;
  policies.rules = {Rule("code")};
  EXPECT_FALSE(Router({}, policies).ReadsPrompt());
  policies.rules[0].keywords = {""};
  EXPECT_FALSE(Router({}, policies).ReadsPrompt());
}

TEST(Router, APolicyThatLacksTheModelRefusesIt) {
  Policies policies;
  policies.rules = {Rule("code")};
  policies.rules[0].allowed_models = {"m"};
  const Router router({Make("a", 1)}, policies);
  Query query = For("m");
  query.policy = "code";
  EXPECT_EQ(Decide(router, query), Names{"a"});
  query.model = "x";
  EXPECT_EQ(Decide(router, query), Names{"<policy no match>"});
  EXPECT_EQ(PolicyOf(router, query), "code");
}

TEST(Router, AModelNobodyServesIsNotFoundWhateverThePolicy) {
  Policies policies;
  policies.rules = {Rule("code")};
  policies.rules[0].allowed_models = {"x"};
  const Router router({Make("a", 1, {"m"})}, policies);
  Query query = For("y");
  query.policy = "code";
  EXPECT_EQ(Decide(router, query), Names{"<model not found>"});
}

TEST(Router, APriceLimitDropsThoseAboveItButNotThoseAtIt) {
  Policies policies;
  policies.rules = {Rule("cap"), Rule("low cap")};
  policies.rules[0].max_sats_per_1m_output = 20;
  policies.rules[1].max_sats_per_1m_output = 5;
  const Router router({Make("c", 20.1), Make("b", 20), Make("a", 10)}, policies);
  Query query = For("m");
  query.policy = "cap";
  EXPECT_EQ(Decide(router, query), (Names{"a", "b"}));
  query.policy = "low cap";
  EXPECT_EQ(Decide(router, query), Names{"<policy no match>"});
}

TEST(Router, LowestLatencySortsByTheTableAndTriesTheUnmeasuredFirst) {
  Policies policies;
  policies.default_strategy = Strategy::kLowestLatency;
  const Router router({Make("a", 1), Make("b", 2), Make("c", 3), Make("d", 4)}, policies);
  Query query = For("m");
  EXPECT_EQ(Decide(router, query), (Names{"a", "b", "c", "d"})) << "nothing measured: cheapest first";
  const std::vector<double> all = {40, 20, 30, 20};
  query.latency_ms = all;
  EXPECT_EQ(Decide(router, query), (Names{"b", "d", "c", "a"}));
  const std::vector<double> some = {40, std::numeric_limits<double>::quiet_NaN(), 30};
  query.latency_ms = some;
  EXPECT_EQ(Decide(router, query), (Names{"b", "d", "c", "a"}));
}

TEST(Router, RoundRobinEntersTheCircleOneFurtherEachTime) {
  Policies policies;
  policies.default_strategy = Strategy::kRoundRobin;
  const Router router({Make("c", 3), Make("a", 1), Make("b", 2)}, policies);
  Query query = For("m");
  EXPECT_EQ(Decide(router, query), (Names{"a", "b", "c"}));
  query.round_robin = 1;
  EXPECT_EQ(Decide(router, query), (Names{"b", "c", "a"}));
  query.round_robin = 2;
  EXPECT_EQ(Decide(router, query), (Names{"c", "a", "b"}));
  query.round_robin = 3;
  EXPECT_EQ(Decide(router, query), (Names{"a", "b", "c"}));
  query.round_robin = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(Decide(router, query), (Names{"a", "b", "c"}));
}

TEST(Router, ARulesStrategyReplacesTheDefaultOne) {
  Policies policies;
  policies.default_strategy = Strategy::kRoundRobin;
  policies.rules = {Rule("cheap"), Rule("plain")};
  policies.rules[0].strategy = Strategy::kCheapest;
  const Router router({Make("a", 1), Make("b", 2)}, policies);
  Query query = For("m");
  query.round_robin = 1;
  query.policy = "cheap";
  EXPECT_EQ(Decide(router, query), (Names{"a", "b"}));
  query.policy = "plain";
  EXPECT_EQ(Decide(router, query), (Names{"b", "a"}));
}

TEST(Router, AStrategyOrdersWhatThePriceLimitLeft) {
  Policies policies;
  policies.rules = {Rule("cap")};
  policies.rules[0].max_sats_per_1m_output = 3;
  policies.rules[0].strategy = Strategy::kRoundRobin;
  const Router router({Make("a", 1), Make("b", 2), Make("c", 3), Make("d", 4)}, policies);
  Query query = For("m");
  query.policy = "cap";
  query.round_robin = 4;
  EXPECT_EQ(Decide(router, query), (Names{"b", "c", "a"}));
}

TEST(Router, TheCommonDecisionDoesNotTouchTheScratch) {
  const Router router({Make("a", 1), Make("b", 2)}, {});
  std::vector<std::uint32_t> scratch;
  EXPECT_EQ(router.Decide(For("m"), scratch).candidates.size(), 2u);
  EXPECT_EQ(scratch.capacity(), 0u);
}

TEST(Router, ListsTheModelsThatSomeProviderNames) {
  const Router router({Make("a", 1, {"m", "n"}), Make("b", 1, {"n"}), Make("any", 1)}, {});
  EXPECT_TRUE(router.Lists("m"));
  EXPECT_TRUE(router.Lists("n"));
  EXPECT_FALSE(router.Lists("o")) << "served by one that serves everything, but not named";
  EXPECT_FALSE(router.Lists(""));
}

}  // namespace
}  // namespace arbstr::router
