#ifndef ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_
#define ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_

#include <cstdint>
#include <string>

namespace integration_tests {

// A socket on a free port of 127.0.0.1; fails the test where there is none.
class LoopbackListener {
 public:
  static constexpr int kRefusing = -1;

  // As many connections wait as `backlog` says, and one more; kRefusing: it only keeps others from the port.
  explicit LoopbackListener(int backlog = 64);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // The next connection, which the caller closes; negative once it is stopped.
  int Accept() const;
  // From any thread: ends the wait for a connection, and every later one.
  void Stop() const;

 private:
  const int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_LOOPBACK_LISTENER_H_
