#include "request_log/request_log.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace arbstr::request_log {
namespace {

// What `action` returns; where it throws for want of memory, `out_of_memory`. The writer goes on, and tries
// again.
template <typename Action>
auto WithoutThrowing(const absl::Status& out_of_memory, Action action) -> decltype(action()) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    return out_of_memory;
  }
}

// Says what `text` makes, or nothing where there is no memory for it.
template <typename Text>
void Say(const std::function<void(const std::string&)>& on_error, Text text) {
  if (!on_error) return;
  try {
    on_error(text());
  } catch (const std::bad_alloc&) {
  }
}

// Goes on while the machine is suspended, which std::chrono::steady_clock does not.
std::chrono::nanoseconds SinceBoot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

void RequestLog::Batch::Add(Record record, std::function<void()> when_committed) {
  on_committed.push_back(std::move(when_committed));
  try {
    records.push_back(std::move(record));
  } catch (...) {
    on_committed.pop_back();
    throw;
  }
}

RequestLog::RequestLog(std::unique_ptr<Sink> sink, Options options)
    : sink_(std::move(sink)), options_(std::move(options)) {
  if (options_.own_writer) writer_ = std::thread([this] { Run(); });
}

RequestLog::~RequestLog() { Drain(std::chrono::milliseconds(0)); }

bool RequestLog::TryReserve() {
  std::size_t in_use = in_use_.load(std::memory_order_relaxed);
  while (in_use < options_.capacity) {
    if (in_use_.compare_exchange_weak(in_use, in_use + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void RequestLog::Append(Record record, std::function<void()> on_committed) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    queue_.Add(std::move(record), std::move(on_committed));
    depth_.fetch_add(1, std::memory_order_relaxed);
    wake = std::exchange(writer_idle_, false) || queue_.records.size() == wanted_;
  }
  // Only a writer that sleeps for want of rows needs waking: otherwise it looks by itself when it has
  // written, or when its time to gather is over.
  if (wake) wake_.notify_one();
}

bool RequestLog::WriteQueued() {
  {
    std::lock_guard lock(mutex_);
    std::ranges::move(queue_.records, std::back_inserter(taken_.records));
    std::ranges::move(queue_.on_committed, std::back_inserter(taken_.on_committed));
    queue_.records.clear();
    queue_.on_committed.clear();
  }
  return WriteTaken();
}

bool RequestLog::healthy() const { return healthy_.load(std::memory_order_relaxed); }

bool RequestLog::full() const { return in_use_.load(std::memory_order_relaxed) >= options_.capacity; }

std::size_t RequestLog::depth() const { return depth_.load(std::memory_order_relaxed); }

std::size_t RequestLog::Drain(std::chrono::milliseconds limit) {
  {
    std::lock_guard lock(mutex_);
    stop_by_ = Clock::now() + limit;
  }
  wake_.notify_one();
  if (writer_.joinable()) writer_.join();
  return depth();
}

void RequestLog::Run() {
  while (TakeQueue()) {
    if (!WriteTaken()) return;
    DoUpkeep();
  }
}

void RequestLog::DoUpkeep() {
  const auto more = WithoutThrowing(out_of_memory_, [&] {
    return sink_->Maintain(time_.Read(std::chrono::system_clock::now(), SinceBoot()));
  });
  upkeep_due_ = more.ok() && *more;
  if (std::exchange(upkeep_, more.status()) == more.status()) return;
  Say(options_.on_error, [&] {
    return more.ok() ? std::string("request log: upkeep works again")
                     : fmt::format("request log: upkeep must wait: {}", more.status().ToString());
  });
}

// Waits for rows, lets more gather, and moves them to taken_. False: told to stop, and there are none.
bool RequestLog::TakeQueue() {
  std::unique_lock lock(mutex_);
  while (queue_.records.empty()) {
    if (stop_by_) return false;
    if (upkeep_due_) {
      lock.unlock();
      DoUpkeep();
      lock.lock();
      continue;
    }
    writer_idle_ = true;
    if (wake_.wait_for(lock, options_.upkeep_every) == std::cv_status::timeout) upkeep_due_ = true;
    writer_idle_ = false;
  }
  writer_idle_ = false;
  Gather(lock);
  std::swap(queue_, taken_);
  return true;
}

void RequestLog::Gather(std::unique_lock<std::mutex>& lock) {
  if (options_.until_expected) wanted_ = std::min(expected_, std::max<std::size_t>(options_.max_batch, 1));
  wake_.wait_for(lock, options_.window,
                 [this] { return stop_by_ || (wanted_ > 0 && queue_.records.size() >= wanted_); });
  wanted_ = 0;
}

// Writes everything in taken_, in order, in transactions of max_batch. False: time ran out on a failing sink,
// or it was to be asked only once.
bool RequestLog::WriteTaken() {
  const std::span<const Record> all(taken_.records);
  const std::size_t max_batch =
      std::max<std::size_t>(options_.own_writer ? options_.max_batch : all.size(), 1);
  for (std::size_t first = 0; first < all.size();) {
    const std::size_t count = std::min(max_batch, all.size() - first);
    if (!WriteUntilTaken(all.subspan(first, count))) return false;
    expected_ = depth();
    depth_.fetch_sub(count, std::memory_order_relaxed);
    in_use_.fetch_sub(count, std::memory_order_relaxed);
    for (std::size_t i = first; i < first + count; ++i) {
      if (taken_.on_committed[i]) taken_.on_committed[i]();
    }
    first += count;
  }
  // The memory of an ordinary batch is kept for the next one, that of a pile-up is not.
  if (taken_.records.capacity() > 4 * max_batch) {
    taken_ = Batch{};
  } else {
    taken_.records.clear();
    taken_.on_committed.clear();
  }
  return true;
}

bool RequestLog::WriteUntilTaken(std::span<const Record> records) {
  for (;;) {
    const Clock::time_point begun = Clock::now();
    const absl::Status status = WithoutThrowing(out_of_memory_, [&] { return sink_->Write(records); });
    if (options_.on_write) options_.on_write(records.size(), Clock::now() - begun, status.ok());
    ReportChange(status);
    if (status.ok()) return true;
    if (!options_.own_writer || !AwaitRetry()) return false;
  }
}

void RequestLog::ReportChange(const absl::Status& status) {
  const bool changed = healthy_.exchange(status.ok(), std::memory_order_relaxed) != status.ok();
  const bool for_another_reason = !status.ok() && status != reported_;
  reported_ = status;
  if (!changed && !for_another_reason) return;
  Say(options_.on_error, [&] {
    return status.ok() ? fmt::format("request log: writing again; {} rows had waited", depth())
                       : fmt::format("request log: cannot write, keeping {} rows until it works: {}", depth(),
                                     status.ToString());
  });
}

// False: told to stop, and the time for it is over.
bool RequestLog::AwaitRetry() {
  std::unique_lock lock(mutex_);
  const Clock::time_point retry_at = Clock::now() + options_.retry_after_failure;
  while (Clock::now() < retry_at) {
    if (!stop_by_) {
      wake_.wait_until(lock, retry_at);
    } else if (*stop_by_ <= Clock::now()) {
      return false;
    } else {
      wake_.wait_until(lock, std::min(retry_at, *stop_by_));
    }
  }
  return !stop_by_ || Clock::now() < *stop_by_;
}

}  // namespace arbstr::request_log
