#ifndef ARBSTR_PROXY_SIMULATION_CHANCE_H_
#define ARBSTR_PROXY_SIMULATION_CHANCE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace arbstr::proxy::simulation {

// All chance of a simulation: the same seed draws the same numbers on every machine (splitmix64).
class Chance {
 public:
  explicit Chance(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Uniform from [low, high].
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Next() % static_cast<uint64_t>(high - low + 1));
  }
  size_t Below(size_t count) { return static_cast<size_t>(Next() % count); }
  bool Percent(int64_t percent) { return Between(0, 99) < percent; }
  template <typename T>
  T OneOf(std::initializer_list<T> values) {
    return values.begin()[Below(values.size())];
  }

 private:
  uint64_t state_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_CHANCE_H_
