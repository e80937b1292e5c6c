// The completion token of every operation that a Task awaits.
#ifndef ARBSTR_PROXY_NET_USE_TASK_H_
#define ARBSTR_PROXY_NET_USE_TASK_H_

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <coroutine>
#include <optional>
#include <tuple>
#include <utility>

#include "proxy/net/spawned.h"

namespace arbstr::proxy {

struct UseTask {};

// `co_await` of an operation with it gives a tuple of all that the operation completes with: expected endings
// come back as values, not as exceptions.
inline constexpr UseTask kUseTask{};

// An operation under way: lies in the frame of the coroutine that awaits it.
template <typename... Results>
class Operation {
 public:
  // What Asio calls at the operation's end: once, from the loop, never from inside the call that began it.
  // Dropped without a call, it leaves the coroutine waiting.
  class Handler {
   public:
    explicit Handler(Operation& operation) : operation_(&operation) {}

    using cancellation_slot_type = boost::asio::cancellation_slot;
    cancellation_slot_type get_cancellation_slot() const noexcept { return operation_->spawned_->slot(); }

    template <typename... Given>
    void operator()(Given&&... given) {
      const cancellation_slot_type slot = get_cancellation_slot();
      if (slot.is_connected()) cancellation_slot_type(slot).clear();
      operation_->results_.emplace(std::forward<Given>(given)...);
      operation_->waiter_.resume();
    }

   private:
    Operation* operation_;
  };

  bool await_ready() const noexcept { return false; }
  std::tuple<Results...> await_resume() { return *std::move(results_); }

 protected:
  template <typename Promise>
  Handler BeginFor(std::coroutine_handle<Promise> waiter) {
    waiter_ = waiter;
    spawned_ = waiter.promise().spawned();
    return Handler(*this);
  }

 private:
  std::coroutine_handle<> waiter_;
  const Spawned* spawned_ = nullptr;
  std::optional<std::tuple<Results...>> results_;
};

// The same with what begins it, once somebody waits.
template <typename Initiation, typename Arguments, typename... Results>
class InitiatedOperation : public Operation<Results...> {
 public:
  InitiatedOperation(Initiation initiation, Arguments arguments)
      : initiation_(std::move(initiation)), arguments_(std::move(arguments)) {}
  InitiatedOperation(const InitiatedOperation&) = delete;
  InitiatedOperation& operator=(const InitiatedOperation&) = delete;

  template <typename Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) {
    auto handler = this->BeginFor(waiter);
    std::apply(
        [&](auto&... arguments) { std::move(initiation_)(std::move(handler), std::move(arguments)...); },
        arguments_);
  }

 private:
  Initiation initiation_;
  Arguments arguments_;
};

}  // namespace arbstr::proxy

template <typename R, typename... Results>
class boost::asio::async_result<arbstr::proxy::UseTask, R(Results...)> {
 public:
  template <typename Initiation, typename... Arguments>
  static auto initiate(Initiation&& initiation, const arbstr::proxy::UseTask&, Arguments&&... arguments) {
    using Kept = std::tuple<std::decay_t<Arguments>...>;
    return arbstr::proxy::InitiatedOperation<std::decay_t<Initiation>, Kept, std::decay_t<Results>...>(
        std::forward<Initiation>(initiation), Kept(std::forward<Arguments>(arguments)...));
  }
};

#endif  // ARBSTR_PROXY_NET_USE_TASK_H_
