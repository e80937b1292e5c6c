#include "proxy/simulation/simulation.h"

#include <fmt/format.h>

#include "proxy/simulation/world.h"

namespace arbstr::proxy::simulation {

Outcome Simulate(const Plan& plan) { return World(plan).Run(); }

void Outcome::Add(const Outcome& next) {
  hash = hash * 31 + next.hash;
  requests += next.requests;
  rows += next.rows;
  attempts += next.attempts;
  successes += next.successes;
  streams += next.streams;
  clients_gone += next.clients_gone;
  deadlines += next.deadlines;
  reloads += next.reloads;
}

std::string Outcome::Text() const {
  return fmt::format(
      "{} requests: {} rows, {} attempts, {} successes, {} streams, {} clients gone, {} deadlines; "
      "{} reloads; hash {:016x}",
      requests, rows, attempts, successes, streams, clients_gone, deadlines, reloads, hash);
}

}  // namespace arbstr::proxy::simulation
