// A connection that is no socket: what a simulation puts in the network's place.
#ifndef ARBSTR_PROXY_NET_WIRE_H_
#define ARBSTR_PROXY_NET_WIRE_H_

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// One end. Lives on one loop. At most one read, or wait for input, and one write are under way at a time.
class Wire {
 public:
  // Who waits for the end of a read or a write.
  class Waiter {
   public:
    virtual ~Waiter() = default;
    // From the loop, never from inside a call of the wire.
    virtual void Complete(ErrorCode error, size_t bytes) = 0;
  };

  virtual ~Wire() = default;  // closes

  // Ends when there is something, an end or an error to read, with what ReadNow gives.
  virtual void WaitReadable(std::unique_ptr<Waiter> waiter) = 0;
  // What has come already. would_block: nothing; eof: the peer has closed.
  virtual size_t ReadNow(std::span<char> room, ErrorCode& error) = 0;
  // Ends with at least a byte in `room`, or an error: eof where the peer has closed.
  virtual void Read(asio::mutable_buffer room, std::unique_ptr<Waiter> waiter) = 0;
  // Takes at least a byte of `bytes`, as soon as there is room, or ends with an error.
  virtual void Write(std::string bytes, std::unique_ptr<Waiter> waiter) = 0;
  // End what is under way with operation_aborted. A wait for input counts as a read.
  virtual void CancelRead() = 0;
  virtual void CancelWrite() = 0;
  // Both directions, for good.
  virtual void Close() = 0;
  virtual void ShutdownSend() = 0;
  // Nothing to read, and not closed by the peer.
  virtual bool IsQuiet() const = 0;
  virtual bool PeerHasClosed() const = 0;

  // The waiter that a handler of Asio's makes: of a read or a write, and of a wait for input.
  template <typename Handler>
  static std::unique_ptr<Waiter> WaiterOf(Handler handler) {
    return std::make_unique<HandlerWaiter<Handler, true>>(std::move(handler));
  }
  template <typename Handler>
  static std::unique_ptr<Waiter> ReadableWaiterOf(Handler handler) {
    return std::make_unique<HandlerWaiter<Handler, false>>(std::move(handler));
  }

 private:
  template <typename Handler, bool kWithBytes>
  struct HandlerWaiter final : Waiter {
    explicit HandlerWaiter(Handler h) : handler(std::move(h)) {}
    void Complete(ErrorCode error, size_t bytes) override {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.clear();
      if constexpr (kWithBytes) {
        std::move(handler)(error, bytes);
      } else {
        std::move(handler)(error);
      }
    }
    Handler handler;
  };
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_WIRE_H_
