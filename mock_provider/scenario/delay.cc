#include "mock_provider/scenario/delay.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mock_provider {

double Sample(const Delay& delay, DrawSequence& draws) {
  switch (delay.shape) {
    case Delay::Shape::kFixed:
      return delay.value;
    case Delay::Shape::kUniform:
      return delay.lower + (delay.upper - delay.lower) * draws.Next();
    case Delay::Shape::kLognormal: {
      // Box and Muller; 1 - u keeps the logarithm's argument above zero.
      const double radius = std::sqrt(-2.0 * std::log(1.0 - draws.Next()));
      const double normal = radius * std::cos(2.0 * std::numbers::pi * draws.Next());
      const double length = delay.median * std::exp(delay.sigma * normal);
      return delay.max ? std::min(length, *delay.max) : length;
    }
  }
  return 0;
}

double Median(const Delay& delay) {
  switch (delay.shape) {
    case Delay::Shape::kFixed:
      return delay.value;
    case Delay::Shape::kUniform:
      return (delay.lower + delay.upper) / 2;
    case Delay::Shape::kLognormal:
      return delay.max ? std::min(delay.median, *delay.max) : delay.median;
  }
  return 0;
}

}  // namespace mock_provider
