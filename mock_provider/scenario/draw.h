// Chance that can be repeated: every draw is a pure function of where in the scenario it is made.
//   state = FNV-1a-64 over "seed\0provider\0rule\0key\0n", the numbers in decimal
//   draw  = top 53 bits of one SplitMix64 step from that state, times 2^-53
// So the n-th outcome of a rule depends neither on threads nor on other rules or connections.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_DRAW_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_DRAW_H_

#include <cstdint>
#include <string_view>

namespace mock_provider {

struct DrawPoint {
  std::uint64_t seed = 0;
  std::string_view provider;
  std::string_view rule;
  std::string_view key;
  std::uint64_t n = 0;  // the rule's match count for that key, from 0
};

// The draws of one match, each in [0, 1). The first decides chance and choice; those after it are lengths of
// delays and random bytes.
class DrawSequence {
 public:
  explicit DrawSequence(const DrawPoint& point);

  double Next();
  std::uint64_t NextBits();

 private:
  std::uint64_t state_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_DRAW_H_
