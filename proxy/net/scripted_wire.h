// A peer that says what a test wrote down, for connections without sockets.
#ifndef ARBSTR_PROXY_NET_SCRIPTED_WIRE_H_
#define ARBSTR_PROXY_NET_SCRIPTED_WIRE_H_

#include <algorithm>
#include <boost/asio/post.hpp>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "proxy/net/wire.h"

namespace arbstr::proxy {

// Says that there is something to read as long as it has pieces left. An empty piece is a false alarm, as the
// kernel gives one where a packet's checksum is wrong. A piece fits into a read. What is written is dropped,
// or fails with `write_error`.
class ScriptedWire : public Wire {
 public:
  ScriptedWire(Executor executor, std::deque<std::string> pieces, ErrorCode write_error = {})
      : executor_(executor), pieces_(std::move(pieces)), write_error_(write_error) {}

  void WaitReadable(std::unique_ptr<Waiter> waiter) override {
    if (pieces_.empty()) {
      waiting_ = std::move(waiter);
    } else {
      Post(std::move(waiter), ErrorCode(), 0);
    }
  }
  size_t ReadNow(std::span<char> room, ErrorCode& error) override {
    const std::string piece = pieces_.empty() ? "" : pieces_.front();
    if (!pieces_.empty()) pieces_.pop_front();
    if (piece.empty()) error = asio::error::would_block;
    std::copy_n(piece.begin(), std::min(piece.size(), room.size()), room.begin());
    return std::min(piece.size(), room.size());
  }
  void Read(asio::mutable_buffer room, std::unique_ptr<Waiter> waiter) override {
    ErrorCode false_alarm;
    size_t bytes = 0;
    while (bytes == 0 && !pieces_.empty())
      bytes = ReadNow({static_cast<char*>(room.data()), room.size()}, false_alarm);
    if (bytes == 0) {
      waiting_ = std::move(waiter);
    } else {
      Post(std::move(waiter), ErrorCode(), bytes);
    }
  }
  void Write(std::string bytes, std::unique_ptr<Waiter> waiter) override {
    Post(std::move(waiter), write_error_, write_error_ ? 0 : bytes.size());
  }
  void CancelRead() override {
    if (waiting_) Post(std::move(waiting_), asio::error::operation_aborted, 0);
  }
  void CancelWrite() override {}
  void Close() override { CancelRead(); }
  void ShutdownSend() override {}
  bool IsQuiet() const override { return true; }
  bool PeerHasClosed() const override { return false; }

 private:
  void Post(std::unique_ptr<Waiter> waiter, ErrorCode error, size_t bytes) {
    asio::post(executor_, [waiter = std::move(waiter), error, bytes] { waiter->Complete(error, bytes); });
  }

  const Executor executor_;
  std::deque<std::string> pieces_;
  const ErrorCode write_error_;
  std::unique_ptr<Waiter> waiting_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_SCRIPTED_WIRE_H_
