// A length of time as a scenario writes it: a number, or a distribution to draw it from.
//   2000 | {"type": "uniform", "lower": 80, "upper": 120}
//        | {"type": "lognormal", "median": 300, "sigma": 0.4, "max": 2000}
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_DELAY_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_DELAY_H_

#include <optional>

#include "mock_provider/scenario/draw.h"

namespace mock_provider {

// All lengths in milliseconds of the scenario's clock.
struct Delay {
  enum class Shape { kFixed, kUniform, kLognormal };
  Shape shape = Shape::kFixed;
  double value = 0;              // kFixed
  double lower = 0, upper = 0;   // kUniform
  double median = 0, sigma = 0;  // kLognormal
  std::optional<double> max{};   // kLognormal: longer ones are cut to it

  static Delay Fixed(double ms) { return {.value = ms}; }
  static Delay Uniform(double lower, double upper) {
    return {.shape = Shape::kUniform, .lower = lower, .upper = upper};
  }
  static Delay Lognormal(double median, double sigma, std::optional<double> max = std::nullopt) {
    return {.shape = Shape::kLognormal, .median = median, .sigma = sigma, .max = max};
  }

  bool operator==(const Delay&) const = default;
};

// One length in milliseconds, never negative. A fixed one takes nothing from the draws.
double Sample(const Delay& delay, DrawSequence& draws);

// The median of what may be drawn.
double Median(const Delay& delay);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_DELAY_H_
