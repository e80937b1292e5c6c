#include "mock_provider/live_view.h"

#include <fmt/format.h>

#include <utility>

#include "mock_provider/request_line.h"

namespace mock_provider {

LiveView::LiveView(std::FILE* file, std::size_t most_waiting)
    : file_(file), most_waiting_(most_waiting), writer_([this] { Write(); }) {}

LiveView::~LiveView() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void LiveView::Arrived(const JournalEntry& entry) {
  if (!entry.relayed) Add(RequestLine(entry));
}

void LiveView::Ended(const JournalEntry& entry) {
  // What becomes of it is known only now.
  if (entry.relayed) Add(RequestLine(entry));
  if (entry.closed_by == ClosedBy::kClient) Add(DepartureLine(entry));
}

void LiveView::Add(std::string line) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= most_waiting_) {
    ++left_out_;
    return;
  }
  waiting_.push_back(std::move(line));
  changed_.notify_one();
}

void LiveView::Write() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto lines = std::exchange(waiting_, {});
    const std::size_t left_out = std::exchange(left_out_, 0);
    lock.unlock();
    for (const std::string& line : lines) std::fprintf(file_, "%s\n", line.c_str());
    if (left_out > 0) std::fprintf(file_, "(%zu more lines)\n", left_out);
    std::fflush(file_);
    lock.lock();
  }
}

}  // namespace mock_provider
