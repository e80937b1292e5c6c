// Simulates the gateway: one life of it from a seed, or many.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/simulation/simulation.h"

namespace {

constexpr std::string_view kUsage =
    "usage: simulation [--seed N] [--requests M] [--lives L] [--trace]\n"
    "  --seed N      of the first life; the next ones have N+1, N+2, … (1)\n"
    "  --requests M  in each life (1000)\n"
    "  --lives L     (1)\n"
    "  --trace       a line an event\n";

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::off);
  arbstr::proxy::simulation::Plan plan;
  long lives = 1;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    std::string value;
    if (const size_t equals = option.find('='); equals != option.npos) {
      value = option.substr(equals + 1);
      option.resize(equals);
    } else if (option != "--trace" && i + 1 < argc) {
      value = argv[++i];
    }
    if (option == "--seed") {
      plan.seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (option == "--requests") {
      plan.requests = std::strtoll(value.c_str(), nullptr, 10);
    } else if (option == "--lives") {
      lives = std::strtol(value.c_str(), nullptr, 10);
    } else if (option == "--trace") {
      plan.trace = true;
    } else {
      std::fputs(kUsage.data(), stderr);
      return 2;
    }
  }
  arbstr::proxy::simulation::Outcome sum;
  for (; lives > 0; --lives, ++plan.seed) {
    const auto outcome = arbstr::proxy::simulation::Simulate(plan);
    sum.Add(outcome);
    if (outcome.failure.empty()) continue;
    fmt::print("seed {}, after {} requests: {}\n", plan.seed, sum.requests, outcome.failure);
    return 1;
  }
  fmt::print("{}\n", sum.Text());
  return 0;
}
