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
#include "proxy/setup.h"
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

  // Requests that begin after it returns are served by `config`'s providers, policies, [retry],
  // [circuit_breaker] and certificate; those under way end as they began. Where it fails, nothing has
  // changed. Reads certificates: blocks; not during or after Drain.
  absl::Status Reload(const Config& config);
  // Whether what was asked for at last runs, for metrics.
  void SetReloadSucceeded(bool succeeded) { gateway_->reload_succeeded = succeeded; }

  // Stops accepting, finishes what is in flight within server.drain_timeout_ms, cuts the rest, and writes
  // every row. Returns how many rows could not be written. Blocks; call once.
  size_t Drain();

 private:
  GatewayServer(std::unique_ptr<Gateway> gateway, std::shared_ptr<const Setup> setup,
                const asio::ip::tcp::endpoint& endpoint);

  // Makes the loops and lets them run.
  absl::Status Serve(const ListeningSocket& socket);

  // Runs `action` on each loop.
  template <typename Action>
  void OnEachWorker(Action action);
  // Likewise, and waits until each has.
  template <typename Action>
  void OnEachWorkerNow(Action action);
  bool AwaitNoConnections(std::chrono::milliseconds limit);
  // Ends them, and whatever of a request still runs on them.
  void StopLoops();

  std::unique_ptr<Gateway> gateway_;
  std::shared_ptr<const Setup> setup_;  // the latest; loops have their own pointers to it
  const asio::ip::tcp::endpoint endpoint_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::vector<asio::executor_work_guard<Executor>> keep_running_;
  std::vector<std::thread> threads_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_GATEWAY_SERVER_H_
