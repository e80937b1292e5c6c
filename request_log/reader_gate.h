#ifndef ARBSTR_REQUEST_LOG_READER_GATE_H_
#define ARBSTR_REQUEST_LOG_READER_GATE_H_

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "request_log/named_file.h"

namespace arbstr::request_log {

// Between a log's writer and its reader: the reader has no database open but the one that the writer has.
// SQLite knows the files beside a database by its path alone, so in one process two connections to databases
// that are at one path one after the other would mistake one's files for the other's.
// Thread-safe; all but Lock is to be called while its result is held.
class ReaderGate {
 public:
  // The reader's while it answers a question; the writer's while it leaves a database or has opened one.
  [[nodiscard]] std::unique_lock<std::mutex> Lock() { return std::unique_lock(mutex_); }

  // The reader's: how its connection is closed. Called on the writer's thread.
  void SetClose(std::function<void()> close) { close_ = std::move(close); }
  // The reader's: whether the writer has a database open, and that is at its path.
  bool MayOpen() const { return open_ && open_->IsThere(); }

  // The writer's: closes the reader's connection, and keeps it closed until HasOpened.
  void Leave();
  // The writer's: it has opened what is at the path.
  void HasOpened(const std::string& path) { open_.emplace(path); }

 private:
  std::mutex mutex_;
  std::function<void()> close_;
  std::optional<NamedFile> open_;  // what the writer has open
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_READER_GATE_H_
