// Writes of one event loop, held back so that they follow each other.
//
// The dearest part of a write is to wake its peer. A peer that is still busy with the write before need not
// be woken, and that is likely where the next write follows at once, instead of after the loop has parsed
// another message. So a loop that has much to do first deals with all that has come in, and then writes.
#ifndef ARBSTR_PROXY_NET_WRITE_BATCH_H_
#define ARBSTR_PROXY_NET_WRITE_BATCH_H_

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <cstddef>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// Whether writes are worth holding back, which costs a further look for input: where few come together they
// are not. Now and then it is tried.
class HoldPolicy {
 public:
  // Of a write; `held`: others are already.
  bool Holds(bool held);
  // So many writes were held together, and are no longer.
  void OnReleased(size_t writes);

 private:
  bool holding_ = false;
  int small_ = 0;   // releases in a row that were not worth it
  int unheld_ = 0;  // writes since the last trial
};

// One event loop's: a service of its io_context, so that everything on the loop has the same.
class WriteBatch final : public asio::execution_context::service {
 public:
  using key_type = WriteBatch;
  inline static asio::execution_context::id id;

  explicit WriteBatch(asio::execution_context& loop);
  static WriteBatch& Of(Executor executor) { return asio::use_service<WriteBatch>(executor.context()); }

  // `co_await batch.Turn()` comes back when the coroutine may write: at once, or when everything that was
  // ready on the loop has run. It cannot be cancelled: it lasts no longer than that.
  class Awaiter
      : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    explicit Awaiter(WriteBatch& batch) : batch_(batch) {}
    bool await_ready() const { return !batch_.policy_.Holds(!batch_.held_.empty()); }
    void await_suspend(std::coroutine_handle<> writer) {
      writer_ = writer;
      batch_.Hold(*this);
    }
    void await_resume() const noexcept {}

   private:
    friend class WriteBatch;
    WriteBatch& batch_;
    std::coroutine_handle<> writer_;
  };
  Awaiter Turn() { return Awaiter(*this); }

 private:
  void shutdown() override {}
  void Hold(Awaiter& writer);
  void Release();

  const Executor executor_;
  HoldPolicy policy_;
  // A coroutine that is destroyed while it waits takes itself out.
  boost::intrusive::list<Awaiter, boost::intrusive::constant_time_size<false>> held_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_WRITE_BATCH_H_
