#include "proxy/net/spawned.h"

namespace arbstr::proxy {

// What has been spawned on a loop and has not ended: destroyed with the loop, whatever it waits for.
class Spawned::Loop : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;

  explicit Loop(boost::asio::execution_context& context) : service(context) {}

  void Add(Spawned& spawned) {
    spawned.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &spawned;
    first_ = &spawned;
  }
  void Remove(Spawned& spawned) {
    (spawned.previous_ == nullptr ? first_ : spawned.previous_->next_) = spawned.next_;
    if (spawned.next_ != nullptr) spawned.next_->previous_ = spawned.previous_;
  }

  void DestroyAll() {
    while (first_ != nullptr) first_->handle_.destroy();
  }

 private:
  void shutdown() override { DestroyAll(); }

  Spawned* first_ = nullptr;
};

Spawned::Spawned(Executor executor, boost::asio::cancellation_slot slot)
    : work_(executor), slot_(slot), loop_(boost::asio::use_service<Loop>(executor.context())) {
  loop_.Add(*this);
}

void Spawned::DestroyAll(boost::asio::io_context& loop) { boost::asio::use_service<Loop>(loop).DestroyAll(); }

Spawned::~Spawned() { loop_.Remove(*this); }

}  // namespace arbstr::proxy
