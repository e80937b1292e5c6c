// What goes wrong with a simulated gateway as a whole, and what must be true of it at every moment and at its
// end.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cmath>

#include "proxy/server/health.h"
#include "proxy/simulation/world.h"

namespace arbstr::proxy::simulation {

void World::PlanTrouble() {
  if (shared_.draining) return;
  timeline_.After(milliseconds(chance_.Between(20, 1500)), [this] {
    if (shared_.draining) return;
    const auto kind = chance_.Between(0, 9);
    if (kind < 3) {
      Reload();
    } else if (kind < 8) {
      network_.ChangeHealth();
    } else if (log_works_) {
      log_works_ = false;
      journal_.Note(0, "database stalls");
      timeline_.After(milliseconds(chance_.Between(5, 2500)), [this] {
        log_works_ = true;
        journal_.Note(0, "database works");
        WriteLog();
      });
    }
    // A life ends some time after its last request was sent, or in the middle of it.
    if (outcome_.requests >= plan_.requests && chance_.Percent(50)) return Drain();
    PlanTrouble();
  });
}

void World::Reload() {
  journal_.Note(0, "reload");
  ++outcome_.reloads;
  shared_.settings = MakeSettings(ChangedConfig(shared_.settings->config, chance_), shared_.settings.get());
  worker_->Adopt(shared_.settings->setup);
}

// As GatewayServer does it.
void World::Drain() {
  journal_.Note(0, "drain");
  shared_.draining = drained_ = true;
  gateway_->draining = true;
  for (const auto& client : clients_) {
    if (const auto session = client->session()) asio::post(worker_->loop, [session] { session->Drain(); });
  }
  timeline_.After(milliseconds(chance_.Between(0, 3000)), [this] { Abort(); });
}

void World::Abort() {
  journal_.Note(0, "abort");
  for (const auto& client : clients_) {
    const auto session = client->session();
    if (!session) continue;
    asio::post(worker_->loop, [session, request = client->request()] {
      if (request) request->ShutDown();
      session->Abort();
    });
  }
}

void World::CheckAtRest() {
  CheckHealth();
  for (Served& served : served_) {
    served.request->CheckAtRest(served.client->blocked());
    if (const auto session = served.session.lock(); session && served.id.empty()) {
      served.id = session->request_id();
    }
  }
  // Over, or given up before it was served.
  std::erase_if(served_, [](const Served& served) {
    const auto phase = served.request->phase();
    return phase == RequestModel::Phase::kOver ||
           (phase == RequestModel::Phase::kRoomAwaited && served.request->client_left());
  });
}

void World::CheckHealth() {
  const TimePoint now = timeline_.now();
  const std::string health = HealthOf(*shared_.settings, now);
  const std::string said = StatusName(HealthOf(*shared_.settings->setup, now), LogHealth::kWorks, false);
  if (said != health) journal_.Fail(0, fmt::format("its health is {}, and should be {}", said, health));
}

void World::CheckNothingIsLeft() {
  for (const Served& served : served_) {
    journal_.Fail(served.request->client_request().number, "it never ended");
  }
  log_works_ = true;
  WriteLog();
  if (shared_.log_used != 0) journal_.Fail(0, "rows were reserved and never written");
  size_t room = 0;
  while (room <= shared_.log_capacity && gateway_->log->TryReserve()) ++room;
  if (room != shared_.log_capacity)
    journal_.Fail(0, fmt::format("room for {} rows is lost", shared_.log_capacity - room));
  worker_->pool.Clear();
  if (network_.open_lines() != 0) journal_.Fail(0, "connections to providers are left");
  for (size_t i = 0; i < shared_.settings->models.size(); ++i) {
    Admission& admission = *shared_.settings->setup->admissions[i];
    admission.SetLimits({.breaker = {.failures = 0}, .budget = {}, .max_concurrency = 1});
    if (!admission.Admit("m0", timeline_.now())) journal_.Fail(0, "a place at a provider is lost");
    if (shared_.settings->models[i]->stays() != 0) journal_.Fail(0, "a stay never ended");
  }
  if (const std::string what = tally_.WhatDiffers(gateway_->metrics.Totals()); !what.empty()) {
    journal_.Fail(0, "metrics and rows differ: " + what);
  }
}

}  // namespace arbstr::proxy::simulation
