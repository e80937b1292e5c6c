// A wait of one coroutine for something its own loop will say: no timer, no socket, no lock.
#ifndef ARBSTR_PROXY_NET_EVENT_H_
#define ARBSTR_PROXY_NET_EVENT_H_

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// At most one waiter at a time. Lives on one loop.
class Event {
 public:
  explicit Event(Executor executor) : executor_(executor) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool awaited() const { return waiter_ != nullptr; }

  // Resumes the waiter, if there is one, from the loop (never from inside this call).
  void Notify(ErrorCode error = {}) {
    if (waiter_ == nullptr) return;
    asio::post(executor_, [waiter = std::exchange(waiter_, nullptr), error] { waiter->Resume(error); });
  }

  // Resumes the waiter, if there is one, inside this call, which is therefore the last thing that a callback
  // of the loop does.
  void NotifyHere(ErrorCode error = {}) {
    if (waiter_ != nullptr) std::exchange(waiter_, nullptr)->Resume(error);
  }

  // `co_await event.Wait()` gives what Notify was given, or operation_aborted when cancelled.
  class Waiter {
   public:
    explicit Waiter(Event& event) : event_(event) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> coroutine) {
      coroutine_ = coroutine;
      slot_ = coroutine.promise().spawned()->slot();
      if (slot_.is_connected()) {
        slot_.assign(
            [event = &event_](asio::cancellation_type) { event->Notify(asio::error::operation_aborted); });
      }
      event_.waiter_ = this;
    }
    ErrorCode await_resume() const noexcept { return error_; }

   private:
    friend class Event;
    void Resume(ErrorCode error) {
      if (slot_.is_connected()) slot_.clear();
      error_ = error;
      coroutine_.resume();
    }

    Event& event_;
    std::coroutine_handle<> coroutine_;
    asio::cancellation_slot slot_;
    ErrorCode error_;
  };
  Waiter Wait() { return Waiter(*this); }

 private:
  Executor executor_;
  Waiter* waiter_ = nullptr;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_EVENT_H_
