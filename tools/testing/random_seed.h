#ifndef TOOLS_TESTING_RANDOM_SEED_H_
#define TOOLS_TESTING_RANDOM_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace testing_tools {

// What a random test begins from: the environment's ARBSTR_SEED where there is one, else a number that nobody
// knows. Says it on stdout, so that a run that failed can be repeated.
inline std::uint64_t RandomSeed() {
  const char* given = std::getenv("ARBSTR_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "ARBSTR_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace testing_tools

#endif  // TOOLS_TESTING_RANDOM_SEED_H_
