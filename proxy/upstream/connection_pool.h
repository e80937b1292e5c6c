// Idle keep-alive connections to providers, one pool per event loop.
#ifndef ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_
#define ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "proxy/http/body_buffer.h"
#include "proxy/net/byte_stream.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/upstream/upstream.h"

namespace arbstr::proxy {

struct UpstreamConnection {
  std::unique_ptr<ByteStream> stream;
  BodyBuffer input;     // read and not yet parsed
  bool reused = false;  // it has carried an exchange before
};

class ConnectionPool {
 public:
  // A provider seldom keeps an idle connection for less than a minute; half of that meets few dead ones.
  static constexpr std::chrono::seconds kIdleTime{30};
  static constexpr size_t kMaxIdlePerUpstream = 1024;

  explicit ConnectionPool(DeadlineWheel& wheel);

  // From now on connections to these are kept; those to others are closed, now or when they come back.
  void Serve(const std::vector<std::shared_ptr<const Upstream>>& upstreams);

  // The idle connection last used, which the provider has neither closed nor written to; null where there is
  // none.
  std::unique_ptr<UpstreamConnection> Take(const Upstream& upstream);
  void Put(const Upstream& upstream, std::unique_ptr<UpstreamConnection> connection);
  // Closes all, and keeps none any more.
  void Clear() { idle_.clear(); }

 private:
  struct Idle {
    std::unique_ptr<UpstreamConnection> connection;
    std::chrono::steady_clock::time_point until;
  };

  void CloseExpired();

  // An entry for each that is served. Each in order of `until`.
  std::unordered_map<const Upstream*, std::vector<Idle>> idle_;
  const LoopClock clock_;
  Deadline sweep_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_CONNECTION_POOL_H_
