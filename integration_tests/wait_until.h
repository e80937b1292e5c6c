// The one way in which a test waits for what another process does and cannot tell.
#ifndef ARBSTR_INTEGRATION_TESTS_WAIT_UNTIL_H_
#define ARBSTR_INTEGRATION_TESTS_WAIT_UNTIL_H_

#include <chrono>
#include <thread>

#include "integration_tests/child_process.h"

namespace integration_tests {

// Asks again every two milliseconds. False: the condition did not hold within kPatience.
template <typename Condition>
[[nodiscard]] bool WaitUntil(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_WAIT_UNTIL_H_
