#ifndef ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_
#define ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_

#include <cstdint>

namespace integration_tests {

// A listening socket on a free port of 127.0.0.1, which its owner closes.
struct LoopbackListener {
  LoopbackListener();

  int descriptor;
  std::uint16_t port;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_
