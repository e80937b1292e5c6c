#ifndef ARBSTR_PROXY_SIMULATION_WORLD_H_
#define ARBSTR_PROXY_SIMULATION_WORLD_H_

#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proxy/gateway.h"
#include "proxy/simulation/client.h"
#include "proxy/simulation/network.h"
#include "proxy/simulation/simulation.h"
#include "proxy/simulation/tally.h"
#include "proxy/worker.h"

namespace arbstr::proxy::simulation {

// A gateway, one loop of it, and all that is around it.
class World {
 public:
  explicit World(const Plan& plan);
  ~World();

  Outcome Run();

 private:
  class Sink;

  void Poll();
  void Step();
  void WriteLog();
  void OnRow(const request_log::Record& row);
  void OnArrived(const std::shared_ptr<RequestModel>& request, const std::shared_ptr<Client>& client);
  void OnAnswered(const RequestModel& request, const Answer& answer);
  std::optional<ClientRequest> NextRequest();
  std::shared_ptr<RequestModel> ModelOf(const Interrupt& interrupt) const;
  std::shared_ptr<RequestModel> ModelOf(int64_t number) const;
  void PlanTrouble();
  void Reload();
  void Drain();
  void Abort();
  void CheckAtRest();
  void CheckHealth();
  void CheckNothingIsLeft();

  const Plan plan_;
  Timeline timeline_;
  Journal journal_;
  Chance chance_;
  SharedState shared_;
  Outcome outcome_;
  Tally tally_;
  Network network_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<Worker> worker_;
  std::optional<asio::executor_work_guard<Executor>> keep_running_;
  std::optional<Client::World> client_world_;
  std::vector<std::shared_ptr<Client>> clients_;
  struct Served {
    std::shared_ptr<RequestModel> request;
    std::shared_ptr<Client> client;
    std::weak_ptr<Session> session;  // who serves it
    std::string id;                  // of its row; empty: not known yet
  };
  std::vector<Served> served_;  // arrived and not over
  bool log_works_ = true, drained_ = false;
  size_t log_seen_ = 0;  // of what the sink is offered
  double said_sats_ = 0, row_sats_ = 0;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_WORLD_H_
