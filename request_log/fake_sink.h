#ifndef ARBSTR_REQUEST_LOG_FAKE_SINK_H_
#define ARBSTR_REQUEST_LOG_FAKE_SINK_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "request_log/sink.h"

namespace arbstr::request_log {

// What a FakeSink has been given; outlives the log that owns the sink.
class SinkJournal {
 public:
  void FailWith(absl::Status status) {
    std::lock_guard lock(mutex_);
    answer_ = std::move(status);
  }
  void Work() { FailWith(absl::OkStatus()); }
  // From now on what the sink is asked for throws, or no longer does.
  void SetOutOfMemory(bool out_of_memory) {
    std::lock_guard lock(mutex_);
    out_of_memory_ = out_of_memory;
  }

  std::vector<std::string> Ids() const {
    std::lock_guard lock(mutex_);
    return ids_;
  }
  std::vector<std::size_t> BatchSizes() const {
    std::lock_guard lock(mutex_);
    return batch_sizes_;
  }
  // Bounded waits; false when the time is up.
  bool AwaitRows(std::size_t n) {
    return Await([&] { return ids_.size() >= n; });
  }
  bool AwaitFailures(std::size_t n) {
    return Await([&] { return failures_ >= n; });
  }

  // What Maintain answers, and how many calls it takes, once that is OK, until there is nothing left to do.
  void SetUpkeep(absl::Status status, int calls) {
    std::lock_guard lock(mutex_);
    upkeep_answer_ = std::move(status);
    upkeep_left_ = calls;
  }
  bool AwaitFailedUpkeep() {
    return Await([&] { return upkeep_failed_; });
  }
  bool AwaitUpkeep() {
    return Await([&] { return upkeep_left_ == 0; });
  }
  std::size_t UpkeepCalls() const {
    std::lock_guard lock(mutex_);
    return upkeep_calls_;
  }
  absl::StatusOr<bool> Maintain() {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
    ++upkeep_calls_;
    if (out_of_memory_) {
      upkeep_failed_ = true;
      throw std::bad_alloc();
    }
    if (!upkeep_answer_.ok()) {
      upkeep_failed_ = true;
      // Not a copy: the two would share their text, and a sanitizer does not see abseil count who has it.
      return absl::Status(upkeep_answer_.code(), upkeep_answer_.message());
    }
    if (upkeep_left_ > 0) --upkeep_left_;
    return upkeep_left_ > 0;
  }

  absl::Status Take(std::span<const Record> records) {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
    if (out_of_memory_) {
      ++failures_;
      throw std::bad_alloc();
    }
    if (!answer_.ok()) {
      ++failures_;
      return answer_;
    }
    batch_sizes_.push_back(records.size());
    for (const Record& record : records) ids_.push_back(record.correlation_id);
    return absl::OkStatus();
  }

 private:
  bool Await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), condition);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  absl::Status answer_;
  bool out_of_memory_ = false;
  std::vector<std::string> ids_;
  std::vector<std::size_t> batch_sizes_;
  std::size_t failures_ = 0;
  absl::Status upkeep_answer_;
  int upkeep_left_ = 0;
  bool upkeep_failed_ = false;
  std::size_t upkeep_calls_ = 0;
};

class FakeSink : public Sink {
 public:
  explicit FakeSink(std::shared_ptr<SinkJournal> journal) : journal_(std::move(journal)) {}
  absl::Status Write(std::span<const Record> records) override { return journal_->Take(records); }
  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point) override {
    return journal_->Maintain();
  }

 private:
  const std::shared_ptr<SinkJournal> journal_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_FAKE_SINK_H_
