// One event loop and what belongs to it alone: nothing here is locked, and nothing of it leaves its thread.
#ifndef ARBSTR_PROXY_WORKER_H_
#define ARBSTR_PROXY_WORKER_H_

#include <simdjson.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <unordered_set>
#include <vector>

#include "proxy/gateway.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/upstream/connection_pool.h"

namespace arbstr::proxy {

class Session;

struct Worker {
  explicit Worker(Gateway& g)
      : gateway(g),
        wheel(loop.get_executor()),
        pool(wheel),
        random(std::random_device{}()),
        latency_ms(g.upstreams.size(), std::numeric_limits<double>::quiet_NaN()) {}

  Gateway& gateway;
  std::unordered_set<Session*> sessions;  // each enters and leaves by itself, the last with the loop
  asio::io_context loop{1};
  DeadlineWheel wheel;
  ConnectionPool pool;
  simdjson::dom::parser json;           // what it parsed is read before anything is awaited
  std::vector<uint32_t> route_scratch;  // likewise
  std::mt19937_64 random;
  std::vector<double> latency_ms;  // by provider, a moving average; NaN: not known yet
  uint64_t round_robin = 0;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_WORKER_H_
