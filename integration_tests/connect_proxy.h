// A small HTTP proxy: CONNECT and absolute-form requests, passed on to that port of loopback whatever host
// they name. It shares no code with the gateway.
#ifndef ARBSTR_INTEGRATION_TESTS_CONNECT_PROXY_H_
#define ARBSTR_INTEGRATION_TESTS_CONNECT_PROXY_H_

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "integration_tests/loopback_listener.h"

namespace integration_tests {

class ConnectProxy {
 public:
  ConnectProxy();
  ~ConnectProxy();
  ConnectProxy(const ConnectProxy&) = delete;
  ConnectProxy& operator=(const ConnectProxy&) = delete;

  std::uint16_t port() const { return listener_.port(); }
  // Said to every request from now on in place of passing it on, and then the end; nothing more is sent
  // before the other side ends it where `bytes` is empty.
  void AnswerInstead(const std::string& bytes);
  // The heads of all requests so far.
  std::vector<std::string> Heads();

 private:
  void Accept();
  void Serve(int connection);
  // Reads a head, and what comes with it; false: the connection or the test ended before.
  bool ReadHead(int connection, std::string& input);
  void Forward(int connection, const std::string& input);
  // Passes bytes on in both directions until one of them has ended.
  void Relay(int client, int server);

  const LoopbackListener listener_;
  std::mutex mutex_;
  std::vector<std::string> heads_;
  std::optional<std::string> instead_;
  std::atomic<bool> stopped_{false};
  std::list<std::thread> connections_;
  std::thread accepting_;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_CONNECT_PROXY_H_
