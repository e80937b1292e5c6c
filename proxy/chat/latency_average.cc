#include "proxy/chat/latency_average.h"

#include <cmath>

namespace arbstr::proxy {

double AfterAttempt(double average_ms, retry::Outcome outcome, std::chrono::steady_clock::duration took,
                    std::chrono::steady_clock::duration deadline) {
  constexpr double kWeight = 0.2;
  std::chrono::duration<double, std::milli> sample = took;
  switch (outcome) {
    case retry::Outcome::kAnswered:
    case retry::Outcome::kFinal:
      break;
    case retry::Outcome::kClientGone:
      if (sample.count() < average_ms) return average_ms;
      break;
    case retry::Outcome::kRetryable:
    case retry::Outcome::kNextProvider:
    case retry::Outcome::kDeadline:
      sample = deadline;
      break;
    case retry::Outcome::kSkipped:
      return average_ms;
  }
  return std::isnan(average_ms) ? sample.count() : average_ms + kWeight * (sample.count() - average_ms);
}

}  // namespace arbstr::proxy
