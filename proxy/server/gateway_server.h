// The running gateway: its event loops, its listening socket, and how all of it ends.
#ifndef ARBSTR_PROXY_SERVER_GATEWAY_SERVER_H_
#define ARBSTR_PROXY_SERVER_GATEWAY_SERVER_H_

#include <absl/status/statusor.h>

#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proxy/gateway.h"
#include "proxy/server/listener.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

class GatewayServer {
 public:
  // Opens the log and the socket; serves when it returns.
  static absl::StatusOr<std::unique_ptr<GatewayServer>> Start(const Config& config);
  ~GatewayServer();
  GatewayServer(const GatewayServer&) = delete;
  GatewayServer& operator=(const GatewayServer&) = delete;

  // "127.0.0.1:8080", with the real port.
  std::string address() const;

  // Stops accepting, finishes what is in flight within server.drain_timeout_ms, cuts the rest, and writes
  // every row. Returns how many rows could not be written. Blocks; call once.
  size_t Drain();

 private:
  GatewayServer(std::unique_ptr<Gateway> gateway, const ListeningSocket& socket);

  // Runs `action` on each loop.
  template <typename Action>
  void OnEachWorker(Action action);
  bool AwaitNoConnections(std::chrono::milliseconds limit);
  void StopLoops();

  std::unique_ptr<Gateway> gateway_;
  asio::ip::tcp::endpoint endpoint_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::vector<asio::executor_work_guard<Executor>> keep_running_;
  std::vector<std::thread> threads_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_GATEWAY_SERVER_H_
