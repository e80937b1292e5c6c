#include "proxy/server/off_loop_answer.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace arbstr::proxy {
namespace {

struct Watching {
  Watching(ClientConnection& c, Interrupt& interrupt) : client(c) {
    client.Watch([&interrupt] { interrupt.Fire(InterruptReason::kClientGone); });
  }
  ~Watching() { client.Unwatch(); }
  ClientConnection& client;
};

}  // namespace

void OffLoopAnswer::Give(Response response) {
  asio::post(loop_, [self = shared_from_this(), response = std::move(response)]() mutable {
    self->response_ = std::move(response);
    self->event_.Notify();
  });
}

Task<std::optional<Response>> OffLoopAnswer::Await(std::shared_ptr<OffLoopAnswer> answer,
                                                   ClientConnection& client, Interrupt& interrupt) {
  const Watching watching(client, interrupt);
  while (!answer->response_ && !interrupt.fired()) co_await answer->event_.AsyncWait(kUseTask);
  answer->abandoned_ = true;
  if (interrupt.fired()) answer->response_.reset();
  co_return std::move(answer->response_);
}

}  // namespace arbstr::proxy
