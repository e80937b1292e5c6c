// An answer that another thread makes, awaited by a request on its loop.
#ifndef ARBSTR_PROXY_SERVER_BACKGROUND_RESPONSE_H_
#define ARBSTR_PROXY_SERVER_BACKGROUND_RESPONSE_H_

#include <atomic>
#include <memory>
#include <optional>

#include "proxy/client/client_connection.h"
#include "proxy/http/response.h"
#include "proxy/net/event.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/task.h"

namespace arbstr::proxy {

// Shared by the loop and the thread that makes the answer.
class BackgroundResponse : public std::enable_shared_from_this<BackgroundResponse> {
 public:
  explicit BackgroundResponse(Executor loop) : loop_(loop), event_(loop) {}

  // The other thread's: whether nobody waits any more; and the answer, once.
  bool abandoned() const { return abandoned_.load(); }
  void Give(Response response);

  // The loop's. Nothing where the client leaves or `interrupt` fires first.
  static Task<std::optional<Response>> Await(std::shared_ptr<BackgroundResponse> answer,
                                             ClientConnection& client, Interrupt& interrupt);

 private:
  const Executor loop_;
  std::atomic<bool> abandoned_{false};
  // The loop's:
  Event event_;
  std::optional<Response> response_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_BACKGROUND_RESPONSE_H_
