#include "mock_provider/scenario/draw.h"

#include <string>

namespace mock_provider {
namespace {

constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325;
constexpr std::uint64_t kFnvPrime = 0x100000001b3;

void Feed(std::uint64_t& hash, std::string_view bytes) {
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= kFnvPrime;
  }
}

}  // namespace

DrawSequence::DrawSequence(const DrawPoint& point) : state_(kFnvOffset) {
  constexpr std::string_view kSeparator("\0", 1);
  Feed(state_, std::to_string(point.seed));
  for (const std::string_view part : {point.provider, point.rule, point.key}) {
    Feed(state_, kSeparator);
    Feed(state_, part);
  }
  Feed(state_, kSeparator);
  Feed(state_, std::to_string(point.n));
}

std::uint64_t DrawSequence::NextBits() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double DrawSequence::Next() { return static_cast<double>(NextBits() >> 11) * 0x1.0p-53; }

}  // namespace mock_provider
