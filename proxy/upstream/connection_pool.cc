#include "proxy/upstream/connection_pool.h"

#include <algorithm>

namespace arbstr::proxy {

ConnectionPool::ConnectionPool(DeadlineWheel& wheel)
    : clock_(wheel.clock()), sweep_(wheel, [this] { CloseExpired(); }) {}

void ConnectionPool::Serve(const std::vector<std::shared_ptr<const Upstream>>& upstreams) {
  std::unordered_map<const Upstream*, std::vector<Idle>> served;
  for (const auto& upstream : upstreams) served[upstream.get()] = std::move(idle_[upstream.get()]);
  idle_ = std::move(served);
}

std::unique_ptr<UpstreamConnection> ConnectionPool::Take(const Upstream& upstream) {
  const auto found = idle_.find(&upstream);
  if (found == idle_.end()) return nullptr;
  auto& idle = found->second;
  while (!idle.empty()) {
    auto connection = std::move(idle.back().connection);
    idle.pop_back();
    if (connection->stream->IsQuiet()) return connection;
  }
  return nullptr;
}

void ConnectionPool::Put(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection) {
  const auto found = idle_.find(&upstream);
  if (found == idle_.end() || found->second.size() >= kMaxIdlePerUpstream) return;
  auto& idle = found->second;
  connection->reused = true;
  connection->input.Release();
  idle.push_back({std::move(connection), clock_.Now() + kIdleTime});
  if (!sweep_.armed()) sweep_.ArmAfter(kIdleTime);
}

void ConnectionPool::CloseExpired() {
  const auto now = clock_.Now();
  bool any = false;
  for (auto& [upstream, idle] : idle_) {
    std::erase_if(idle, [&](const Idle& entry) { return entry.until <= now; });
    any = any || !idle.empty();
  }
  if (any) sweep_.ArmAfter(kIdleTime / 4);
}

}  // namespace arbstr::proxy
