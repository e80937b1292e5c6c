// Host names to addresses, off the event loops and remembered: getaddrinfo blocks, for seconds when a name
// server is down.
#ifndef ARBSTR_PROXY_NET_RESOLVER_H_
#define ARBSTR_PROXY_NET_RESOLVER_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "proxy/net/interrupt.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// Shared by all loops; every member may be called from any of them.
class Resolver {
 public:
  struct Answer {
    ErrorCode error;
    // Not empty without an error, in getaddrinfo's order (RFC 6724).
    std::vector<asio::ip::address> addresses;
  };
  // Blocks; runs on a thread of its own, so that names whose servers say nothing delay no others.
  using Lookup = std::function<Answer(const std::string& host)>;

  // getaddrinfo says no time to live: answers are used for `fresh`, and after it while a new one is fetched.
  explicit Resolver(Lookup lookup = SystemLookup, std::chrono::seconds fresh = std::chrono::seconds(30));
  ~Resolver();

  // An address literal or a remembered name is answered at once; else this waits, until `interrupt` at most.
  Task<Answer> Resolve(std::string host, Interrupt& interrupt);

  // Said by one who found that none of a name's addresses can be reached: it is looked up at once. Until that
  // says otherwise, or while no name server answers, the addresses are still the best that is known.
  void Doubt(const std::string& host);

  static Answer SystemLookup(const std::string& host);

 private:
  struct Waiter;
  class Waiting;
  struct Entry {
    Answer answer;
    std::chrono::steady_clock::time_point fresh_until{};
    bool under_way = false;  // at most one lookup a name
    bool doubted = false;
    std::vector<std::shared_ptr<Waiter>> waiters;
    std::thread thread;  // of the last lookup
  };

  // An error: no lookup began.
  ErrorCode StartLookup(const std::string& host, Entry& entry);
  void Finish(const std::string& host, Answer answer);

  const Lookup lookup_;
  const std::chrono::seconds fresh_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // one a configured provider: bounded by the configuration
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_RESOLVER_H_
