// One event loop and what belongs to it alone: nothing here is locked, and nothing of it leaves its thread.
#ifndef ARBSTR_PROXY_WORKER_H_
#define ARBSTR_PROXY_WORKER_H_

#include <simdjson.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <unordered_set>
#include <vector>

#include "proxy/gateway.h"
#include "proxy/net/connector.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/loop_clock.h"
#include "proxy/net/now_and_then.h"
#include "proxy/setup.h"
#include "proxy/upstream/connection_pool.h"
#include "proxy/upstream/latency_table.h"

namespace arbstr::proxy {

class Session;

// A setup as one loop has it, with what the loop has learnt about its providers. A request keeps the one it
// began with.
struct LoopSetup {
  std::shared_ptr<const Setup> shared;
  LatencyTable latencies;
};

// With 256 bits of the system's chance: 32 would repeat in a fleet of gateways.
std::mt19937_64 SeededByTheSystem();

struct Worker {
  // A simulation gives a clock and who connects to providers; null: sockets do.
  Worker(Gateway& g, std::shared_ptr<const Setup> s, LoopClock c = {}, std::unique_ptr<Connector> n = nullptr)
      : gateway(g),
        clock(c),
        wheel(loop.get_executor(), clock),
        pool(wheel),
        connector(n ? std::move(n) : std::make_unique<SocketConnector>(g.resolver, wheel)),
        metrics(g.metrics.AddLoop()),
        random(SeededByTheSystem()) {
    Adopt(std::move(s));
  }

  // Requests in flight end here, before what they use.
  ~Worker() { Spawned::DestroyAll(loop); }

  // What is learnt of providers that stay is kept; idle connections to those that do not are closed.
  void Adopt(std::shared_ptr<const Setup> next);

  Gateway& gateway;
  std::shared_ptr<LoopSetup> setup;       // for requests that begin now
  std::unordered_set<Session*> sessions;  // each enters and leaves by itself, the last with the loop
  // Its sockets are used by its own thread alone, and need no locks; what others post to it does.
  asio::io_context loop{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  const LoopClock clock;
  DeadlineWheel wheel;
  ConnectionPool pool;
  const std::unique_ptr<Connector> connector;
  LoopMetrics& metrics;                 // the gateway's, for this loop alone to change
  simdjson::dom::parser json;           // what it parsed is read before anything is awaited
  std::vector<uint32_t> route_scratch;  // likewise
  std::mt19937_64 random;
  NowAndThen log_full;  // it refuses requests
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_WORKER_H_
