#include "proxy/line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace arbstr::proxy {
namespace {

// Returns the rest that could not be written, as where the disk is full. Whoever shares the descriptor may
// have made it non-blocking.
std::string_view WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{descriptor, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  return text;
}

}  // namespace

LineWriter::LineWriter(int descriptor, size_t max_bytes, std::function<std::string(uint64_t)> gap)
    : max_bytes_(max_bytes),
      shared_(std::make_shared<Shared>(std::move(gap))),
      writer_([shared = shared_, descriptor] { Run(*shared, descriptor); }) {}

LineWriter::~LineWriter() {
  if (!writer_.joinable()) return;
  (void)Stop(std::chrono::milliseconds(0));
  if (writer_.joinable()) writer_.join();
}

void LineWriter::Shared::TellOfDropped(std::string& text) {
  if (dropped == 0) return;
  text.append(gap(dropped));
  told += std::exchange(dropped, 0) - 1;
}

void LineWriter::Append(std::span<const std::string_view> pieces) {
  size_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  bool wake = false;
  {
    std::lock_guard lock(shared_->mutex);
    if (shared_->waiting.size() + bytes > max_bytes_) {
      ++shared_->dropped;
      return;
    }
    shared_->TellOfDropped(shared_->waiting);
    for (const std::string_view piece : pieces) shared_->waiting.append(piece);
    wake = std::exchange(shared_->idle, false);
  }
  if (wake) shared_->changed.notify_all();
}

bool LineWriter::Stop(std::chrono::milliseconds limit) {
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  const bool ended = shared_->changed.wait_for(lock, limit, [this] { return shared_->ended; });
  lock.unlock();
  if (ended && writer_.joinable()) writer_.join();
  return ended;
}

void LineWriter::Run(Shared& shared, int descriptor) {
  std::string taken;
  bool in_line = false;  // the last line was cut off
  std::unique_lock lock(shared.mutex);
  while (!shared.stopping || !shared.waiting.empty() || shared.dropped > 0) {
    shared.idle = shared.waiting.empty();
    shared.changed.wait(lock, [&] { return shared.stopping || !shared.waiting.empty(); });
    shared.changed.wait_for(lock, kGather, [&] { return shared.stopping; });
    // Both keep their memory: lines come as fast again.
    taken.clear();
    std::swap(taken, shared.waiting);
    shared.TellOfDropped(taken);
    const auto told = std::exchange(shared.told, 0);
    lock.unlock();
    if (in_line) in_line = !WriteAll(descriptor, "\n").empty();
    const std::string_view lost = in_line ? taken : WriteAll(descriptor, taken);
    if (lost.size() < taken.size()) in_line = taken[taken.size() - lost.size() - 1] != '\n';
    lock.lock();
    shared.dropped += static_cast<uint64_t>(std::ranges::count(lost, '\n'));
    if (lost.size() == taken.size()) shared.dropped += told;
    if (shared.stopping && !lost.empty()) break;
  }
  shared.ended = true;
  shared.changed.notify_all();
}

}  // namespace arbstr::proxy
