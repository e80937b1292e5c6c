// A million requests of chance, in parts that run in shards, from seeds that stay: what fails here fails
// again. New seeds are tried with the program (main.cc).
#include "proxy/simulation/simulation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <iostream>

namespace arbstr::proxy::simulation {
namespace {

constexpr int kParts = 8;
constexpr int64_t kRequestsPerLife = 1000;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int64_t kRequests = 40'000;
#else
constexpr int64_t kRequests = 1'000'000;
#endif

// Where it fails the run is repeated by what this says.
std::string Replay(const Plan& plan) {
  return fmt::format("tools/bazel run //proxy/simulation -- --seed {} --requests {} --trace", plan.seed,
                     plan.requests);
}

void RunPart(uint64_t seed) {
  spdlog::set_level(spdlog::level::off);
  std::cout << "seeds from " << seed << std::endl;
  Plan plan{.seed = seed, .requests = kRequestsPerLife};
  Outcome sum;
  for (; sum.requests < kRequests / kParts; ++plan.seed) {
    const Outcome outcome = Simulate(plan);
    ASSERT_EQ(outcome.failure, "") << Replay(plan);
    ASSERT_EQ(outcome.requests, plan.requests) << Replay(plan);
    sum.Add(outcome);
  }
  std::cout << sum.Text() << std::endl;
  // A simulation in which nothing happens would find nothing. Under a sanitizer five configurations are all
  // that a part sees.
  EXPECT_GT(sum.successes, sum.requests / 10);
  EXPECT_GT(sum.attempts, sum.requests / 4);
  EXPECT_GT(sum.clients_gone, sum.requests / 200);
  EXPECT_GT(sum.deadlines, sum.requests / 200);
}

class SimulationTest : public testing::TestWithParam<int> {};

TEST_P(SimulationTest, EveryRuleHoldsWhateverHappens) {
  RunPart(static_cast<uint64_t>(GetParam()) * 1'000'000 + 1);
}

INSTANTIATE_TEST_SUITE_P(Parts, SimulationTest, testing::Range(0, kParts));

TEST(SimulationReplayTest, OneSeedIsOneRunToTheLastByte) {
  spdlog::set_level(spdlog::level::off);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Plan plan{.seed = seed, .requests = 500};
    EXPECT_EQ(Simulate(plan).hash, Simulate(plan).hash) << seed;
  }
}

}  // namespace
}  // namespace arbstr::proxy::simulation
