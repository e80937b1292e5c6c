// A wait of one coroutine for something its own loop will say: no timer, no socket, no lock.
#ifndef ARBSTR_PROXY_NET_EVENT_H_
#define ARBSTR_PROXY_NET_EVENT_H_

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// At most one waiter at a time. Lives on one loop.
class Event {
 public:
  explicit Event(Executor executor) : executor_(executor) {}

  bool awaited() const { return waiter_ != nullptr; }

  // Resumes the waiter, if there is one, from the loop (never from inside this call).
  void Notify(ErrorCode error = {}) {
    if (!waiter_) return;
    asio::post(executor_, [waiter = std::move(waiter_), error]() mutable { waiter->Complete(error); });
  }

  // Completes with what Notify was given, or operation_aborted when cancelled.
  template <typename Token>
  auto AsyncWait(Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode)>(
        [this](auto handler) {
          auto slot = asio::get_associated_cancellation_slot(handler);
          if (slot.is_connected()) {
            slot.assign([this](asio::cancellation_type) { Notify(asio::error::operation_aborted); });
          }
          waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
        },
        token);
  }

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void Complete(ErrorCode error) = 0;
  };
  template <typename Handler>
  struct WaiterOf final : Waiter {
    explicit WaiterOf(Handler h) : handler(std::move(h)) {}
    void Complete(ErrorCode error) override {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.clear();
      std::move(handler)(error);
    }
    Handler handler;
  };

  Executor executor_;
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_EVENT_H_
