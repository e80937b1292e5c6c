// The bottom of a stack of coroutines: what it runs on, what cancels it, and who hears of its end.
#ifndef ARBSTR_PROXY_NET_SPAWNED_H_
#define ARBSTR_PROXY_NET_SPAWNED_H_

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <coroutine>
#include <exception>
#include <functional>
#include <utility>

#include "proxy/kept_memory.h"

namespace arbstr::proxy {

// See Spawn (task.h). Lives on its loop, from when it begins to run until the task's end or the loop's.
class Spawned {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using OnEnd = std::function<void(std::exception_ptr)>;

  Spawned(Executor executor, boost::asio::cancellation_slot slot);
  ~Spawned();
  Spawned(const Spawned&) = delete;
  Spawned& operator=(const Spawned&) = delete;

  Executor executor() const { return work_.get_executor(); }
  // Of the operation that the coroutine on top waits for.
  boost::asio::cancellation_slot slot() const { return slot_; }

  // Destroys what has been spawned on the loop and has not ended, for an owner of what it uses. The loop runs
  // no more.
  static void DestroyAll(boost::asio::io_context& loop);

  // From the executor's loop. `Work`: a Task<>.
  template <typename Work>
  static void Run(Executor executor, boost::asio::cancellation_slot slot, Work task, OnEnd on_end);

 private:
  class Loop;
  struct Bottom;

  template <typename Work>
  static Bottom RunToEnd(Executor executor, boost::asio::cancellation_slot slot, Work task, OnEnd on_end);

  const boost::asio::executor_work_guard<Executor> work_;
  const boost::asio::cancellation_slot slot_;
  std::coroutine_handle<> handle_;
  Loop& loop_;
  // The others of the loop.
  Spawned* previous_ = nullptr;
  Spawned* next_ = nullptr;
};

// The coroutine that awaits the task. Destroys itself at its end; before that, the loop's end does it.
struct Spawned::Bottom {
  class promise_type : public FrameMemory {
   public:
    template <typename Work>
    promise_type(Executor executor, boost::asio::cancellation_slot slot, Work&, OnEnd&)
        : spawned_(executor, slot) {
      spawned_.handle_ = std::coroutine_handle<promise_type>::from_promise(*this);
    }
    Bottom get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // on_end's: nobody could be told
    Spawned* spawned() { return &spawned_; }

   private:
    Spawned spawned_;
  };

  std::coroutine_handle<promise_type> handle;
};

// The parameters without a name are the promise's, whose constructor is given all of them.
template <typename Work>
Spawned::Bottom Spawned::RunToEnd(Executor, boost::asio::cancellation_slot, Work task, OnEnd on_end) {
  std::exception_ptr failure;
  try {
    co_await task;
  } catch (...) {
    failure = std::current_exception();
  }
  if (on_end) on_end(failure);
}

template <typename Work>
void Spawned::Run(Executor executor, boost::asio::cancellation_slot slot, Work task, OnEnd on_end) {
  RunToEnd(executor, slot, std::move(task), std::move(on_end)).handle.resume();
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_SPAWNED_H_
