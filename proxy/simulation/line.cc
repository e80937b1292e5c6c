#include "proxy/simulation/line.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

namespace arbstr::proxy::simulation {

void Line::Send(std::string_view bytes, std::function<void()> on_read) {
  if (closed_ || ended_ || broken_) return;
  incoming_.append(bytes);
  sent_ += bytes.size();
  if (on_read) marks_.push_back({sent_, std::move(on_read)});
  TryRead();
}

void Line::End(std::function<void()> on_read) {
  if (closed_ || ended_ || broken_) return;
  ended_ = true;
  on_end_read_ = std::move(on_read);
  TryRead();
}

void Line::Break(std::function<void()> on_read) {
  if (closed_ || ended_ || broken_) return;
  broken_ = true;
  incoming_.clear();
  marks_.clear();
  on_end_read_ = std::move(on_read);
  TryRead();
  TryWrite();
}

void Line::SetRoom(size_t bytes) {
  room_ = bytes;
  TryWrite();
}

void Line::WaitReadable(std::unique_ptr<Wire::Waiter> waiter) {
  if (closed_) return Complete(std::move(waiter), asio::error::bad_descriptor, 0);
  pending_wait_ = std::move(waiter);
  TryRead();
  if (pending_wait_ && far_ != nullptr) far_->OnAwaited();
}

size_t Line::ReadNow(std::span<char> room, ErrorCode& error) {
  if (!Readable()) error = asio::error::would_block;
  if (closed_) error = asio::error::bad_descriptor;
  if (error) return 0;
  std::deque<Mark> passed;
  const size_t bytes = Take(room, error, passed);
  for (const Mark& mark : passed) mark.on_read();
  return bytes;
}

void Line::Read(asio::mutable_buffer room, std::unique_ptr<Wire::Waiter> waiter) {
  if (closed_) return Complete(std::move(waiter), asio::error::bad_descriptor, 0);
  read_room_ = room;
  pending_read_ = std::move(waiter);
  TryRead();
  if (pending_read_ && far_ != nullptr) far_->OnAwaited();
}

void Line::Write(std::string bytes, std::unique_ptr<Wire::Waiter> waiter) {
  if (closed_) return Complete(std::move(waiter), asio::error::bad_descriptor, 0);
  pending_write_ = {std::move(bytes), std::move(waiter)};
  TryWrite();
}

void Line::CancelRead() {
  if (pending_read_) Complete(std::move(pending_read_), asio::error::operation_aborted, 0);
  if (pending_wait_) Complete(std::move(pending_wait_), asio::error::operation_aborted, 0);
}

void Line::CancelWrite() {
  if (pending_write_.waiter) Complete(std::move(pending_write_.waiter), asio::error::operation_aborted, 0);
}

void Line::Close() {
  if (std::exchange(closed_, true)) return;
  CancelRead();
  CancelWrite();
  if (far_ != nullptr) far_->OnClosed();
}

// Of what is readable. `passed`: whom to tell that it was read.
size_t Line::Take(std::span<char> room, ErrorCode& error, std::deque<Mark>& passed) {
  if (incoming_.empty()) {
    if (on_end_read_) passed.push_back({0, std::exchange(on_end_read_, nullptr)});
    error = broken_ ? ErrorCode(asio::error::connection_reset) : asio::error::eof;
    return 0;
  }
  const size_t bytes = std::min(room.size(), incoming_.size());
  std::memcpy(room.data(), incoming_.data(), bytes);
  incoming_.erase(0, bytes);
  read_ += bytes;
  while (!marks_.empty() && marks_.front().offset <= read_) {
    passed.push_back(std::move(marks_.front()));
    marks_.pop_front();
  }
  return bytes;
}

// Bytes that a read waits for are taken now, and their reader learns of them from the loop, as from a kernel:
// cancelling between the two comes too late. Who only waits takes them when it has learnt of them.
void Line::TryRead() {
  if (!Readable()) return;
  if (pending_wait_) Complete(std::move(pending_wait_), ErrorCode(), 0);
  if (!pending_read_) return;
  ErrorCode error;
  std::deque<Mark> passed;
  const std::span<char> room(static_cast<char*>(read_room_.data()), read_room_.size());
  const size_t bytes = Take(room, error, passed);
  Complete(std::move(pending_read_), error, bytes, std::move(passed));
}

void Line::TryWrite() {
  if (!pending_write_.waiter) return;
  if (broken_) return Complete(std::move(pending_write_.waiter), asio::error::connection_reset, 0);
  if (room_ == 0) return;
  const size_t bytes = std::min(room_, pending_write_.bytes.size());
  if (room_ != kUnlimited) room_ -= bytes;
  if (far_ != nullptr) far_->OnBytes(std::string_view(pending_write_.bytes).substr(0, bytes));
  if (pending_write_.waiter) Complete(std::move(pending_write_.waiter), ErrorCode(), bytes);
}

void Line::Complete(std::unique_ptr<Wire::Waiter> waiter, ErrorCode error, size_t bytes,
                    std::deque<Mark> passed) {
  asio::post(executor_, [waiter = std::move(waiter), error, bytes, passed = std::move(passed)]() mutable {
    for (const Mark& mark : passed) mark.on_read();
    waiter->Complete(error, bytes);
  });
}

}  // namespace arbstr::proxy::simulation
