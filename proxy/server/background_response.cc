#include "proxy/server/background_response.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "proxy/client/client_watch.h"

namespace arbstr::proxy {
void BackgroundResponse::Give(Response response) {
  asio::post(loop_, [self = shared_from_this(), response = std::move(response)]() mutable {
    self->response_ = std::move(response);
    self->event_.Notify();
  });
}

Task<std::optional<Response>> BackgroundResponse::Await(std::shared_ptr<BackgroundResponse> answer,
                                                        ClientConnection& client, Interrupt& interrupt) {
  const ClientWatch watching(client, interrupt);
  while (!answer->response_ && !interrupt.fired()) co_await answer->event_.Wait();
  answer->abandoned_ = true;
  if (interrupt.fired()) answer->response_.reset();
  co_return std::move(answer->response_);
}

}  // namespace arbstr::proxy
