#include "router/round_robin_counters.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arbstr::router {
namespace {

Provider Of(std::string name, std::vector<std::string> models) {
  Provider provider;
  provider.name = std::move(name);
  provider.models = std::move(models);
  return provider;
}

TEST(RoundRobinCountersTest, EachModelTakesItsOwnTurns) {
  const Router router({Of("alpha", {"m", "n"}), Of("beta", {"m", "n"})}, {Strategy::kRoundRobin, {}});
  RoundRobinCounters counters;
  std::vector<uint32_t> scratch, first_of_m, first_of_n;
  for (int round = 0; round < 4; ++round) {
    for (const std::string model : {"m", "n"}) {
      Query query;
      query.model = model;
      query.round_robin = counters.Next(router, model);
      (model == "m" ? first_of_m : first_of_n).push_back(router.Decide(query, scratch).candidates.front());
    }
  }
  EXPECT_EQ(first_of_m, (std::vector<uint32_t>{0, 1, 0, 1}));
  EXPECT_EQ(first_of_n, first_of_m);
  EXPECT_EQ(counters.Now(router, "m"), 4u);
  EXPECT_EQ(counters.Now(router, "m"), 4u) << "looking does not count";
}

TEST(RoundRobinCountersTest, ModelsThatAreNotNamedShareACount) {
  const Router router({Of("alpha", {})}, {});
  RoundRobinCounters counters;
  EXPECT_EQ(counters.Next(router, "one"), 0u);
  EXPECT_EQ(counters.Next(router, "two"), 1u);
  EXPECT_EQ(counters.Now(router, "three"), 2u);
}

TEST(RoundRobinCountersTest, ARouterSaysWhetherTurnsMatter) {
  PolicyRule plain, turning;
  turning.strategy = Strategy::kRoundRobin;
  EXPECT_FALSE(Router({}, {}).Rotates());
  EXPECT_FALSE(Router({}, {Strategy::kLowestLatency, {plain}}).Rotates());
  EXPECT_TRUE(Router({}, {Strategy::kLowestLatency, {plain}}).LooksAtLatency());
  EXPECT_FALSE(Router({}, {Strategy::kRoundRobin, {plain}}).LooksAtLatency());
  EXPECT_TRUE(Router({}, {Strategy::kRoundRobin, {}}).Rotates());
  EXPECT_TRUE(Router({}, {Strategy::kCheapest, {plain, turning}}).Rotates());
}

}  // namespace
}  // namespace arbstr::router
