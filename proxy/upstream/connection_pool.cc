#include "proxy/upstream/connection_pool.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace arbstr::proxy {
namespace {

// Nothing to read and not closed. Bytes that nobody asked for would be taken for the next request's answer.
bool IsQuiet(ByteStream& stream) {
  char byte;
  const ssize_t got = ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Over TLS 1.3 a provider's session tickets may lie unread: the TLS layer tells those from an answer.
  if (got > 0) return stream.tls() != nullptr;
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

ConnectionPool::ConnectionPool(DeadlineWheel& wheel) : sweep_(wheel, [this] { CloseExpired(); }) {}

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
    if (IsQuiet(*connection->stream)) return connection;
  }
  return nullptr;
}

void ConnectionPool::Put(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection) {
  const auto found = idle_.find(&upstream);
  if (found == idle_.end() || found->second.size() >= kMaxIdlePerUpstream) return;
  auto& idle = found->second;
  connection->reused = true;
  connection->input.Release();
  idle.push_back({std::move(connection), std::chrono::steady_clock::now() + kIdleTime});
  if (!sweep_.armed()) sweep_.ArmAfter(kIdleTime);
}

void ConnectionPool::CloseExpired() {
  const auto now = std::chrono::steady_clock::now();
  bool any = false;
  for (auto& [upstream, idle] : idle_) {
    std::erase_if(idle, [&](const Idle& entry) { return entry.until <= now; });
    any = any || !idle.empty();
  }
  if (any) sweep_.ArmAfter(kIdleTime / 4);
}

}  // namespace arbstr::proxy
