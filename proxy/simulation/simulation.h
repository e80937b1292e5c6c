// The gateway's core in a world made of chance: a simulated clock and network, clients that come and go,
// providers that fail, a database that stalls, configurations that change; everything from one seed.
#ifndef ARBSTR_PROXY_SIMULATION_SIMULATION_H_
#define ARBSTR_PROXY_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <string>

namespace arbstr::proxy::simulation {

struct Plan {
  uint64_t seed = 1;
  int64_t requests = 1000;
  bool trace = false;  // one line per event, to stdout
};

struct Outcome {
  std::string failure;  // empty: every rule held
  uint64_t hash = 0;    // of everything that happened
  int64_t requests = 0, rows = 0, attempts = 0, successes = 0, streams = 0;
  int64_t clients_gone = 0, deadlines = 0, reloads = 0;

  // The next life's.
  void Add(const Outcome& next);
  std::string Text() const;
};

// One life of a gateway: from its first request to its drain. Runs in the caller's thread.
Outcome Simulate(const Plan& plan);

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_SIMULATION_H_
