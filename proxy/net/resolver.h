// Host names to addresses, off the event loops and remembered: getaddrinfo blocks, for seconds when a name
// server is down.
#ifndef ARBSTR_PROXY_NET_RESOLVER_H_
#define ARBSTR_PROXY_NET_RESOLVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proxy/net/interrupt.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// Shared by all loops; every member may be called from any of them.
class Resolver {
 public:
  struct Answer {
    ErrorCode error;
    // Not empty without an error, in getaddrinfo's order (RFC 6724) but for what Trust says.
    std::vector<asio::ip::address> addresses;
  };
  // Blocks; runs on a thread of its own, so that names whose servers say nothing delay no others. It may
  // outlive the resolver, and main.
  using Lookup = std::function<Answer(const std::string& host)>;

  // getaddrinfo reports no TTL: answers are used for `fresh`, and after it while a new one is fetched.
  // A name whose addresses are known is looked up once in `pause` at most.
  explicit Resolver(Lookup lookup = SystemLookup, std::chrono::seconds fresh = std::chrono::seconds(30),
                    std::chrono::seconds pause = std::chrono::seconds(1));
  // Waits for no lookup, and nobody who still waits for one is told of it.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // An address literal or a remembered name is answered at once; else this waits, until `interrupt` at most.
  Task<Answer> Resolve(std::string host, Interrupt& interrupt);

  // Call when none of a name's addresses could be reached: it is looked up at once. Until that says
  // otherwise, or while no name server answers, the addresses are still the best that is known.
  void Doubt(const std::string& host);
  // Call when `address` was reached, which ends the doubt. From then on it comes first, so that nobody has to
  // find out again that those before it cannot be reached.
  void Trust(const std::string& host, const asio::ip::address& address);

  static Answer SystemLookup(const std::string& host);

 private:
  struct Waiter;
  class Waiting;
  struct Entry;
  struct State;

  // An error: one is due, but could not begin.
  ErrorCode LookUpIfDue(const std::string& host, Entry& entry);

  const std::shared_ptr<State> state_;  // the lookups' too
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_RESOLVER_H_
