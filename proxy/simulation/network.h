// The providers of a simulation and the network between them and the gateway.
#ifndef ARBSTR_PROXY_SIMULATION_NETWORK_H_
#define ARBSTR_PROXY_SIMULATION_NETWORK_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/net/connector.h"
#include "proxy/simulation/chance.h"
#include "proxy/simulation/line.h"
#include "proxy/simulation/request_model.h"

namespace arbstr::proxy::simulation {

class ProviderConnection;

class Network {
 public:
  struct Clients {
    std::function<std::shared_ptr<RequestModel>(const Interrupt&)> of_interrupt;
    std::function<std::shared_ptr<RequestModel>(int64_t)> of_number;
  };

  Network(Timeline& timeline, Journal& journal, Chance& chance, Clients clients)
      : timeline_(timeline), journal_(journal), chance_(chance), clients_(std::move(clients)) {}

  // The loop that it connects for.
  void Serve(Executor executor, DeadlineWheel& wheel) {
    executor_.emplace(executor);
    wheel_ = &wheel;
  }
  Task<ConnectResult> Connect(const ConnectTarget& target, std::chrono::milliseconds timeout,
                              Interrupt& interrupt);
  // Providers get better and worse.
  void ChangeHealth();

  // The gateway's connections to providers.
  size_t open_lines() const { return lines_.size(); }

 private:
  friend class ProviderConnection;

  ConnectScript BeginConnect(const ConnectTarget& target, RequestModel& request);
  ConnectResult Connected(const ConnectTarget& target);

  Timeline& timeline_;
  Journal& journal_;
  Chance& chance_;
  const Clients clients_;
  std::optional<Executor> executor_;
  DeadlineWheel* wheel_ = nullptr;
  std::map<std::string, int> health_;  // by host
  int64_t connected_ = 0;
  std::map<int64_t, std::shared_ptr<ProviderConnection>> lines_;
};

// What a Worker may own.
class ConnectorTo final : public Connector {
 public:
  explicit ConnectorTo(Network& network) : network_(network) {}
  Task<ConnectResult> Connect(const ConnectTarget& target, std::chrono::milliseconds timeout,
                              Interrupt& interrupt) override {
    return network_.Connect(target, timeout, interrupt);
  }

 private:
  Network& network_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_NETWORK_H_
