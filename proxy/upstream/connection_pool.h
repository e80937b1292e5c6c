// Idle keep-alive connections to providers, one pool per event loop, for that loop alone to use.
#ifndef ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_
#define ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_

#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "proxy/net/deadline_wheel.h"
#include "proxy/upstream/upstream.h"
#include "proxy/upstream/upstream_connection.h"

namespace arbstr::proxy {

class ConnectionPool {
 public:
  // A provider seldom keeps an idle connection for less than a minute; half of that meets few dead ones.
  static constexpr std::chrono::seconds kIdleTime{30};
  // Older ones are closed instead of kept, however busy: a provider's name may have come to mean another
  // place.
  static constexpr std::chrono::minutes kMaxAge{5};
  static constexpr size_t kMaxIdlePerUpstream = 1024;
  // For the end of a message behind the last byte that is of use; mostly it comes at once.
  static constexpr std::chrono::milliseconds kRestTime{50};

  explicit ConnectionPool(DeadlineWheel& wheel);

  // From now on connections to these are kept; those to others are closed, now or when they come back.
  void Serve(const std::vector<std::shared_ptr<const Upstream>>& upstreams);

  // The idle connection last used, which the provider has neither closed nor written to; null where there is
  // none.
  std::unique_ptr<UpstreamConnection> Take(const Upstream& upstream);
  void Put(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection);
  // The same for one with a rest: it can be taken once that has come, and is closed where it does not in
  // time.
  void PutUnfinished(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection);
  // Closes the one of all that was used longest ago, where its descriptor is needed; false: there is none.
  bool CloseOldest();
  // Closes all, and keeps none any more.
  void Clear() { connections_.clear(); }

 private:
  struct Idle {
    std::unique_ptr<UpstreamConnection> connection;
    std::chrono::steady_clock::time_point since;
  };

  // Each in order of `since`.
  struct Connections {
    std::vector<Idle> idle;
    std::vector<Idle> unfinished;
  };

  bool IsOld(const UpstreamConnection& connection) const;
  static std::unique_ptr<UpstreamConnection> TakeFinished(std::vector<Idle>& unfinished);
  void Keep(std::vector<Idle>& idle, std::unique_ptr<UpstreamConnection> connection);
  void CloseExpired();
  void CloseUnfinished();

  // An entry for each that is served.
  std::unordered_map<const Upstream*, Connections> connections_;
  const LoopClock clock_;
  Deadline sweep_;
  Deadline unfinished_sweep_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_
