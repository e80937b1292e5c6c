// One client connection: requests read one after the other, each answered before the next.
#ifndef ARBSTR_PROXY_SERVER_SESSION_H_
#define ARBSTR_PROXY_SERVER_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/chat/chat_handler.h"
#include "proxy/client/client_connection.h"
#include "proxy/http/message_parser.h"
#include "proxy/http/response.h"
#include "proxy/net/interrupt.h"
#include "proxy/server/route.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Worker& worker, ByteStream stream);
  ~Session();

  // Serves the connection until it ends; holds itself alive as long.
  void Start();

  // Closes the connection now if it waits for a request and none has come, else after the answer to the one
  // it has. A gateway that drains already does the same for a new connection.
  void Drain();
  // Ends the request in flight as one that was not finished.
  void Abort();

  // Of the request in flight: for the simulation, which must tell whose request a provider sees.
  const Interrupt& interrupt() const { return *interrupt_; }
  const std::string& request_id() const { return request_id_; }

 private:
  // Of any route. Filled in place, by whoever knows it: see HandleChat.
  struct Reply : ChatResult {
    bool body_unread = false;
  };

  // A coroutine of a parameter, not of a lambda's capture: g++ 12 destroys such a capture twice.
  static Task<> Run(std::shared_ptr<Session> self);
  // The TLS handshake. False: there was none, and the connection is at its end.
  Task<bool> Secure();
  Task<bool> ServeOne();
  static void Refuse(Reply& reply, Response response, bool body_unread);
  Task<> Answer(RequestParser& head, Reply& reply);
  Task<> AnswerWhole(RequestParser& head, const RouteMatch& route, const BodyBuffer& body, Reply& reply);
  Task<> AnswerChat(const RequestParser& head, const BodyBuffer& body, Reply& reply);
  // An answer that another thread makes.
  Task<> Awaited(Task<std::optional<Response>> answer, Reply& reply);
  // Adds to the response what all have. `head`: null where none was read.
  Task<bool> Send(const RequestParser* head, Response& response, bool close);
  // What can be said against a request before its body has been read.
  std::optional<Response> RefuseByHead(const RequestParser& head, const RouteMatch& route);
  // What was answered. `head`: null where none could be read. `error_code`: empty where it has none.
  void CountAndLog(const RequestParser* head, int status, std::string_view error_code = {});
  std::optional<Response> RefuseUnauthorized(const RequestParser& head) const;

  Worker& worker_;
  std::shared_ptr<ClientConnection> client_;
  std::unique_ptr<Interrupt> interrupt_;
  std::string request_id_;
  std::string_view route_ = kUnknownRoute;  // of the request being served
  bool logged_ = false;                     // likewise: it has its line
  bool waiting_;                            // for a request to begin
  bool draining_;
  bool cut_ = false;  // the last answer is not whole
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_SESSION_H_
