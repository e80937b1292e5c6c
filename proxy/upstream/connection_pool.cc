#include "proxy/upstream/connection_pool.h"

#include <algorithm>
#include <utility>

namespace arbstr::proxy {
namespace {

// How many are asked for their rest at once: where the oldest still wait for it, the others most often do.
constexpr size_t kMostAsked = 4;

// Ready for the next exchange; what it holds for that is little.
void MakeIdle(UpstreamConnection& connection) {
  connection.input.Release();
  connection.rest.reset();
}

}  // namespace

ConnectionPool::ConnectionPool(DeadlineWheel& wheel)
    : clock_(wheel.clock()),
      sweep_(wheel, [this] { CloseExpired(); }),
      unfinished_sweep_(wheel, [this] { CloseUnfinished(); }) {}

void ConnectionPool::Serve(const std::vector<std::shared_ptr<const Upstream>>& upstreams) {
  std::unordered_map<const Upstream*, Connections> served;
  for (const auto& upstream : upstreams) {
    served[upstream.get()] = std::move(connections_[upstream.get()]);
  }
  connections_ = std::move(served);
}

std::unique_ptr<UpstreamConnection> ConnectionPool::Take(const Upstream& upstream) {
  const auto found = connections_.find(&upstream);
  if (found == connections_.end()) return nullptr;
  auto& idle = found->second.idle;
  while (!idle.empty()) {
    auto connection = std::move(idle.back().connection);
    idle.pop_back();
    if (connection->stream->IsQuiet()) return connection;
  }
  return TakeFinished(found->second.unfinished);
}

std::unique_ptr<UpstreamConnection> ConnectionPool::TakeFinished(std::vector<Idle>& unfinished) {
  size_t at = 0;
  for (size_t asked = 0; asked < kMostAsked && at < unfinished.size(); ++asked) {
    const RestState state = ReadRest(*unfinished[at].connection);
    if (state == RestState::kAwaited) {
      ++at;
      continue;
    }
    auto connection = std::move(unfinished[at].connection);
    unfinished.erase(unfinished.begin() + static_cast<std::ptrdiff_t>(at));
    if (state != RestState::kEnded) continue;
    MakeIdle(*connection);
    return connection;
  }
  return nullptr;
}

bool ConnectionPool::IsOld(const UpstreamConnection& connection) const {
  return connection.opened < clock_.Now() - kMaxAge;
}

void ConnectionPool::Put(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection) {
  const auto found = connections_.find(&upstream);
  if (found != connections_.end()) Keep(found->second.idle, std::move(connection));
}

void ConnectionPool::Keep(std::vector<Idle>& idle, std::unique_ptr<UpstreamConnection> connection) {
  if (idle.size() >= kMaxIdlePerUpstream || IsOld(*connection)) return;
  MakeIdle(*connection);
  idle.push_back({std::move(connection), clock_.Now()});
  if (!sweep_.armed()) sweep_.ArmAfter(kIdleTime);
}

void ConnectionPool::PutUnfinished(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection) {
  const auto found = connections_.find(&upstream);
  if (found == connections_.end() || found->second.unfinished.size() >= kMaxIdlePerUpstream) return;
  if (IsOld(*connection)) return;
  found->second.unfinished.push_back({std::move(connection), clock_.Now()});
  if (!unfinished_sweep_.armed()) unfinished_sweep_.ArmAfter(kRestTime);
}

bool ConnectionPool::CloseOldest() {
  std::vector<Idle>* oldest = nullptr;
  for (auto& [upstream, connections] : connections_) {
    for (std::vector<Idle>* kept : {&connections.unfinished, &connections.idle}) {
      if (kept->empty()) continue;
      if (oldest == nullptr || kept->front().since < oldest->front().since) oldest = kept;
    }
  }
  if (oldest != nullptr) oldest->erase(oldest->begin());
  return oldest != nullptr;
}

void ConnectionPool::CloseExpired() {
  const auto now = clock_.Now();
  bool any = false;
  for (auto& [upstream, connections] : connections_) {
    std::erase_if(connections.idle, [&](const Idle& entry) { return entry.since + kIdleTime <= now; });
    any = any || !connections.idle.empty();
  }
  if (any) sweep_.ArmAfter(kIdleTime / 4);
}

void ConnectionPool::CloseUnfinished() {
  const auto now = clock_.Now();
  bool any = false;
  for (auto& [upstream, connections] : connections_) {
    auto& unfinished = connections.unfinished;
    const auto expired = [&](const Idle& entry) { return entry.since + kRestTime <= now; };
    const auto rest = std::ranges::find_if_not(unfinished, expired);
    for (auto entry = unfinished.begin(); entry != rest; ++entry) {
      if (ReadRest(*entry->connection) == RestState::kEnded) {
        Keep(connections.idle, std::move(entry->connection));
      }
    }
    unfinished.erase(unfinished.begin(), rest);
    any = any || !unfinished.empty();
  }
  if (any) unfinished_sweep_.ArmAfter(kRestTime);
}

}  // namespace arbstr::proxy
