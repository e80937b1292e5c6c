#include "proxy/worker.h"

namespace arbstr::proxy {

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
