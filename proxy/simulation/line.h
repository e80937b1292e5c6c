// A simulated connection: bytes both ways, in order, until one of its ends does something.
#ifndef ARBSTR_PROXY_SIMULATION_LINE_H_
#define ARBSTR_PROXY_SIMULATION_LINE_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/net/wire.h"

namespace arbstr::proxy::simulation {

// Who sits at the far end. What it is told it is told from inside the gateway's call: it may not answer at
// once.
class FarEnd {
 public:
  virtual ~FarEnd() = default;
  virtual void OnBytes(std::string_view bytes) = 0;
  // The gateway has closed. Told once.
  virtual void OnClosed() = 0;
  // The gateway waits for bytes, and there are none.
  virtual void OnAwaited() {}
};

class Line {
 public:
  static constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

  Line(Executor executor, FarEnd& far) : executor_(executor), far_(&far) {}

  // The far end's. `on_read` is called when the gateway has taken the bytes, before its code sees them.
  void Send(std::string_view bytes, std::function<void()> on_read = {});
  // Nothing more will be sent.
  void End(std::function<void()> on_read = {});
  // Gone, and what was on its way with it.
  void Break(std::function<void()> on_read = {});
  // How many more bytes of the gateway's the far end takes.
  void SetRoom(size_t bytes);
  // The far end is no more: it is told nothing from here on.
  void Leave() { far_ = nullptr; }
  bool closed() const { return closed_; }
  // The gateway has taken so many bytes.
  size_t taken() const { return read_; }
  bool write_blocked() const { return pending_write_.waiter != nullptr; }

  // The gateway's, through LineWire.
  void WaitReadable(std::unique_ptr<Wire::Waiter> waiter);
  size_t ReadNow(std::span<char> room, ErrorCode& error);
  void Read(asio::mutable_buffer room, std::unique_ptr<Wire::Waiter> waiter);
  void Write(std::string bytes, std::unique_ptr<Wire::Waiter> waiter);
  void CancelRead();
  void CancelWrite();
  void Close();
  bool IsQuiet() const { return incoming_.empty() && !ended_ && !broken_; }
  bool PeerHasClosed() const { return ended_ || broken_; }

 private:
  struct Mark {
    size_t offset;  // of all bytes ever sent
    std::function<void()> on_read;
  };
  struct PendingWrite {
    std::string bytes;
    std::unique_ptr<Wire::Waiter> waiter;
  };

  bool Readable() const { return !incoming_.empty() || ended_ || broken_; }
  size_t Take(std::span<char> room, ErrorCode& error, std::deque<Mark>& passed);
  void TryRead();
  void TryWrite();
  void Complete(std::unique_ptr<Wire::Waiter> waiter, ErrorCode error, size_t bytes,
                std::deque<Mark> passed = {});

  Executor executor_;
  FarEnd* far_;
  std::string incoming_;
  size_t sent_ = 0, read_ = 0;
  std::deque<Mark> marks_;
  std::function<void()> on_end_read_;
  bool ended_ = false, broken_ = false, closed_ = false;
  asio::mutable_buffer read_room_;
  std::unique_ptr<Wire::Waiter> pending_read_;
  std::unique_ptr<Wire::Waiter> pending_wait_;
  PendingWrite pending_write_;
  size_t room_ = kUnlimited;
};

// The gateway's end.
class LineWire final : public Wire {
 public:
  explicit LineWire(std::shared_ptr<Line> line) : line_(std::move(line)) {}
  ~LineWire() override { line_->Close(); }
  void WaitReadable(std::unique_ptr<Waiter> waiter) override { line_->WaitReadable(std::move(waiter)); }
  size_t ReadNow(std::span<char> room, ErrorCode& error) override { return line_->ReadNow(room, error); }
  void Read(asio::mutable_buffer room, std::unique_ptr<Waiter> waiter) override {
    line_->Read(room, std::move(waiter));
  }
  void Write(std::string bytes, std::unique_ptr<Waiter> waiter) override {
    line_->Write(std::move(bytes), std::move(waiter));
  }
  void CancelRead() override { line_->CancelRead(); }
  void CancelWrite() override { line_->CancelWrite(); }
  void Close() override { line_->Close(); }
  void ShutdownSend() override {}
  bool IsQuiet() const override { return line_->IsQuiet(); }
  bool PeerHasClosed() const override { return line_->PeerHasClosed(); }

 private:
  const std::shared_ptr<Line> line_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_LINE_H_
