// The listening socket, shared by all event loops: whichever is free accepts.
#ifndef ARBSTR_PROXY_SERVER_LISTENER_H_
#define ARBSTR_PROXY_SERVER_LISTENER_H_

#include <absl/status/statusor.h>

#include <memory>
#include <utility>

#include "proxy/config/listen_address.h"
#include "proxy/net/now_and_then.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

// A bound and listening socket, and where.
struct ListeningSocket {
  int descriptor;
  asio::ip::tcp::endpoint endpoint;
};

// Resolves the host: blocks. An address in use is an error.
absl::StatusOr<ListeningSocket> Listen(const ListenAddress& address);

// One loop's share of the listening socket.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // With a descriptor of its own, which there may be no more of.
  static absl::StatusOr<std::shared_ptr<Listener>> Open(Worker& worker, const ListeningSocket& socket);

  // Accepts until Close; on the worker's loop.
  void Start();
  // Takes the connections that wait to be accepted, then no more.
  void Close();

 private:
  Listener(Worker& worker, Acceptor acceptor) : worker_(worker), acceptor_(std::move(acceptor)) {}

  // Coroutines of a parameter, not of a lambda's capture: g++ 12 destroys such a capture twice.
  static Task<> AcceptAll(std::shared_ptr<Listener> self);
  static Task<> TurnAway(std::shared_ptr<Listener> self, Socket accepted);
  void Take(Socket accepted);
  // Where that fails, for want of memory, it is dropped.
  void TakeOrDrop(Socket accepted);

  Worker& worker_;
  Acceptor acceptor_;
  size_t turned_away_ = 0;  // connections that are being told so
  NowAndThen full_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_LISTENER_H_
