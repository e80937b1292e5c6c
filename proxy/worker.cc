#include "proxy/worker.h"

#include <limits>

namespace arbstr::proxy {

void Worker::Adopt(std::shared_ptr<const Setup> next) {
  auto adopted = std::make_shared<LoopSetup>();
  for (const auto& upstream : next->upstreams) {
    double known = std::numeric_limits<double>::quiet_NaN();
    for (size_t i = 0; setup && i < setup->latency_ms.size(); ++i) {
      if (setup->shared->upstreams[i]->config.name == upstream->config.name) known = setup->latency_ms[i];
    }
    adopted->latency_ms.push_back(known);
  }
  pool.Serve(next->upstreams);
  adopted->shared = std::move(next);
  setup = std::move(adopted);
}

}  // namespace arbstr::proxy
