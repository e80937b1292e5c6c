// The coroutine and socket types of the proxy, on the concrete io_context executor: the type-erased default
// costs an indirect call per operation.
#ifndef ARBSTR_PROXY_NET_TASK_H_
#define ARBSTR_PROXY_NET_TASK_H_

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "proxy/kept_memory.h"
#include "proxy/net/spawned.h"
#include "proxy/net/use_task.h"

namespace arbstr::proxy {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

// What is the same for every Task: who waits for it, and the spawned one at whose bottom it runs.
class TaskPromise : public FrameMemory {
 public:
  // Goes on with whoever waits; with nobody where the task ended before its caller began to wait.
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      const std::coroutine_handle<> caller = ended.promise().caller_;
      return caller ? caller : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  Spawned* spawned() const { return spawned_; }
  void BeginIn(Spawned* spawned) { spawned_ = spawned; }
  void WaitBy(std::coroutine_handle<> caller) { caller_ = caller; }
  void RethrowFailure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::coroutine_handle<> caller_;
  Spawned* spawned_ = nullptr;
  std::exception_ptr failure_;
};

template <typename T>
class ValuePromise : public TaskPromise {
 public:
  template <typename U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T Take() {
    RethrowFailure();
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class ValuePromise<void> : public TaskPromise {
 public:
  void return_void() const noexcept {}
  void Take() const { RethrowFailure(); }
};

// A coroutine that runs on one event loop, from when it is awaited; it is awaited once, by another or by
// Spawn. Every object of a connection lives on one loop, so none is locked. It is Asio's awaitable with less
// of it: no frame of its own for each operation, none of the allocations and executor hops that keep it
// general.
template <typename T = void>
class [[nodiscard]] Task {
 public:
  class promise_type : public ValuePromise<T> {
   public:
    Task get_return_object() { return Task(Handle::from_promise(*this)); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  // Runs up to the first operation that must be waited for. One that has none does not suspend its caller, so
  // that no loop over such grows the stack, however a compiler turns one coroutine over to the other.
  template <typename Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller) {
    handle_.promise().BeginIn(caller.promise().spawned());
    handle_.resume();
    if (handle_.done()) return false;
    handle_.promise().WaitBy(caller);
    return true;
  }
  T await_resume() { return handle_.promise().Take(); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

// The executor of the loop that runs the coroutine: `co_await CurrentExecutor()`.
class CurrentExecutor {
 public:
  bool await_ready() const noexcept { return false; }
  template <typename Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) {
    spawned_ = waiter.promise().spawned();
    return false;
  }
  Executor await_resume() const { return spawned_->executor(); }

 private:
  const Spawned* spawned_ = nullptr;
};

// Runs `task` on the executor's loop, at once if that is the one this is called from. What `slot` is told
// cancels whatever operation the task waits for, however deep; it is told so on the loop, and lives as long
// as the task. `on_end` hears of the task's end, and of the exception that ended it, if one did. A task that
// has not ended is destroyed with the loop.
inline void Spawn(Executor executor, Task<> task, asio::cancellation_slot slot = {},
                  Spawned::OnEnd on_end = nullptr) {
  asio::dispatch(executor, [executor, slot, task = std::move(task), on_end = std::move(on_end)]() mutable {
    Spawned::Run(executor, slot, std::move(task), std::move(on_end));
  });
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_TASK_H_
