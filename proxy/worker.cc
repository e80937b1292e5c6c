#include "proxy/worker.h"

#include <algorithm>
#include <array>
#include <functional>

namespace arbstr::proxy {

std::mt19937_64 SeededByTheSystem() {
  std::array<uint32_t, 8> chance{};
  std::random_device system;
  std::ranges::generate(chance, std::ref(system));
  std::seed_seq seed(chance.begin(), chance.end());
  return std::mt19937_64(seed);
}

void Worker::Adopt(std::shared_ptr<const Setup> next) {
  const auto& upstreams = next->upstreams;
  LatencyTable latencies(upstreams.size());
  for (size_t to = 0; to < upstreams.size(); ++to) {
    for (size_t from = 0; setup && from < setup->shared->upstreams.size(); ++from) {
      if (setup->shared->upstreams[from]->config.name == upstreams[to]->config.name)
        latencies.Copy(setup->latencies, from, to);
    }
  }
  pool.Serve(upstreams);
  setup = std::make_shared<LoopSetup>(LoopSetup{std::move(next), std::move(latencies)});
}

}  // namespace arbstr::proxy
