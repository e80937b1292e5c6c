// Why the work on a request must stop before it is done, and the means to stop it: whatever operation its
// coroutine waits for at that moment is cancelled.
#ifndef ARBSTR_PROXY_NET_INTERRUPT_H_
#define ARBSTR_PROXY_NET_INTERRUPT_H_

#include <boost/asio/cancellation_signal.hpp>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// In order of rank: a later one overrules an earlier one that has not been acted on yet.
enum class InterruptReason {
  kNone,
  kConnectTimeout,
  kErrorBodyTimeout,
  kAttemptTimeout,
  kStreamIdle,
  kDeadline,
  kClientGone,
  kShutdown
};

// One request's. Lives on the request's loop.
class Interrupt {
 public:
  // Cancels the operation in flight, if any. The reason stays until it is forgotten.
  void Fire(InterruptReason reason) {
    if (reason > reason_) reason_ = reason;
    signal_.emit(asio::cancellation_type::terminal);
  }

  // Reasons that end an attempt are forgotten before the next one; those that end the request are kept.
  void ForgetAttempt() {
    if (reason_ <= InterruptReason::kAttemptTimeout) reason_ = InterruptReason::kNone;
  }

  // The request is over; the next one on the connection begins afresh. A shutdown stays.
  void ForgetRequest() {
    if (reason_ != InterruptReason::kShutdown) reason_ = InterruptReason::kNone;
  }

  InterruptReason reason() const { return reason_; }
  bool fired() const { return reason_ != InterruptReason::kNone; }

  // What the request's coroutine is spawned with: from then on Fire reaches whatever it waits for, however
  // deep. The coroutine looks at fired() before each operation, since a Fire between two operations cancels
  // neither.
  asio::cancellation_slot slot() { return signal_.slot(); }

 private:
  InterruptReason reason_ = InterruptReason::kNone;
  asio::cancellation_signal signal_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_INTERRUPT_H_
