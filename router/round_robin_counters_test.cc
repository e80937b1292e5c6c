#include "router/turns.h"

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

TEST(TurnsTest, EachModelTakesItsOwnTurns) {
  const Router router({Of("alpha", {"m", "n"}), Of("beta", {"m", "n"})}, {Strategy::kRoundRobin, {}});
  Turns turns;
  std::vector<uint32_t> scratch, first_of_m, first_of_n;
  for (int round = 0; round < 4; ++round) {
    for (const std::string model : {"m", "n"}) {
      Query query;
      query.model = model;
      query.round_robin = turns.Next(router, model);
      (model == "m" ? first_of_m : first_of_n).push_back(router.Decide(query, scratch).candidates.front());
    }
  }
  EXPECT_EQ(first_of_m, (std::vector<uint32_t>{0, 1, 0, 1}));
  EXPECT_EQ(first_of_n, first_of_m);
  EXPECT_EQ(turns.Now(router, "m"), 4u);
  EXPECT_EQ(turns.Now(router, "m"), 4u) << "looking does not count";
}

TEST(TurnsTest, ModelsThatAreNotNamedShareACount) {
  const Router router({Of("alpha", {})}, {});
  Turns turns;
  EXPECT_EQ(turns.Next(router, "one"), 0u);
  EXPECT_EQ(turns.Next(router, "two"), 1u);
  EXPECT_EQ(turns.Now(router, "three"), 2u);
}

TEST(TurnsTest, ARouterSaysWhetherTurnsMatter) {
  PolicyRule plain, turning;
  turning.strategy = Strategy::kRoundRobin;
  EXPECT_FALSE(Router({}, {}).Rotates());
  EXPECT_FALSE(Router({}, {Strategy::kLowestLatency, {plain}}).Rotates());
  EXPECT_TRUE(Router({}, {Strategy::kRoundRobin, {}}).Rotates());
  EXPECT_TRUE(Router({}, {Strategy::kCheapest, {plain, turning}}).Rotates());
}

}  // namespace
}  // namespace arbstr::router
