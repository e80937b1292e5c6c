#ifndef ARBSTR_PROXY_UPSTREAM_MOVING_AVERAGE_H_
#define ARBSTR_PROXY_UPSTREAM_MOVING_AVERAGE_H_

#include <cmath>

namespace arbstr::proxy {

// What `average` becomes with one more `sample`, which weighs a fifth. NaN: there was none yet.
inline double MovingAverage(double average, double sample) {
  constexpr double kWeight = 0.2;
  return std::isnan(average) ? sample : average + kWeight * (sample - average);
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_MOVING_AVERAGE_H_
