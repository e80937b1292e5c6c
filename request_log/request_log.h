#ifndef ARBSTR_REQUEST_LOG_REQUEST_LOG_H_
#define ARBSTR_REQUEST_LOG_REQUEST_LOG_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "request_log/record.h"
#include "request_log/settled_time.h"
#include "request_log/sink.h"

namespace arbstr::request_log {

// The bounded queue in front of a Sink, and the one thread that writes it.
//
// A request reserves room for its row before any work is done for it, and appends the row when its outcome
// is known. Reservations and queued rows together never exceed `capacity`, so Append always finds room:
// it neither blocks nor drops. Rows are committed in the order of Append, gathered over `window`. A batch
// that the sink refuses is kept and repeated until it is taken or Drain's time is up. Between batches, and
// while there are no rows, the sink gets its time for upkeep.
class RequestLog {
 public:
  struct Options {
    std::size_t capacity = 65536;
    std::chrono::microseconds window{5'000};  // the longest time that rows gather before a commit
    // For responses that wait for their rows' commits. Stops gathering once as many rows are queued as were
    // uncommitted when the last commit ended: every waiting request has then appended its row.
    bool until_expected = false;
    std::chrono::milliseconds retry_after_failure{100};
    // How often the sink's upkeep runs while there are no rows.
    std::chrono::milliseconds upkeep_every{60'000};
    std::size_t max_batch = 1024;  // rows in one transaction at most; 0 counts as 1
    bool own_writer = true;        // false: no thread; WriteQueued writes
    // Called on the writer's thread, once when the sink starts failing or fails for another reason (with its
    // error) and once when it works again; likewise for its upkeep. Must not throw.
    std::function<void(const std::string&)> on_error{};
    // Called on the writer's thread after each transaction: its rows, how long it took, whether it committed.
    // Must not throw.
    std::function<void(std::size_t, std::chrono::nanoseconds, bool)> on_write{};
  };

  RequestLog(std::unique_ptr<Sink> sink, Options options);
  // Drain(0): the writer writes what is queued, but does not wait for a sink that fails.
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  // True: room for one row is held until Append. False: the log is full. Lock-free.
  bool TryReserve();
  // Queues a row; uses up one reservation. `on_committed` runs on the writer's thread after the row's
  // commit; it must not throw, and is destroyed uncalled when the row is never written. After Drain the row
  // is not written, but still counted by depth().
  void Append(Record record, std::function<void()> on_committed = {});

  // For a log without a writer of its own: offers all queued rows to the sink, once and in one transaction.
  // False: they were refused, and are kept. Called by one thread at a time.
  bool WriteQueued();

  bool healthy() const;       // the last write was taken, or there was none yet
  bool full() const;          // TryReserve would find no room now
  std::size_t depth() const;  // rows appended and not yet committed
  std::size_t capacity() const { return options_.capacity; }

  // Lets the writer write what is queued, repeating failures until `limit` has passed, then stops it. Returns
  // the number of rows left unwritten: without a writer of its own, all of them. A sink that hangs inside
  // Write is waited for.
  std::size_t Drain(std::chrono::milliseconds limit);

 private:
  struct Batch {
    // Where it throws, nothing was added.
    void Add(Record record, std::function<void()> when_committed);

    std::vector<Record> records;
    std::vector<std::function<void()>> on_committed;  // one per record, possibly empty
  };
  using Clock = std::chrono::steady_clock;

  void Run();
  bool TakeQueue();
  void Gather(std::unique_lock<std::mutex>& lock);
  bool WriteTaken();
  bool WriteUntilTaken(std::span<const Record> records);
  void ReportChange(const absl::Status& status);
  bool AwaitRetry();
  void DoUpkeep();

  const std::unique_ptr<Sink> sink_;
  const Options options_;
  const absl::Status out_of_memory_ = absl::ResourceExhaustedError("out of memory");
  std::atomic<std::size_t> in_use_{0};  // reservations and rows not yet committed
  std::atomic<std::size_t> depth_{0};
  std::atomic<bool> healthy_{true};

  std::mutex mutex_;
  std::condition_variable wake_;
  Batch queue_;                               // guarded by mutex_
  bool writer_idle_ = false;                  // guarded by mutex_
  std::size_t wanted_ = 0;                    // guarded by mutex_; not 0: the writer waits for this many rows
  std::optional<Clock::time_point> stop_by_;  // guarded by mutex_; set: write what there is, then end
  bool upkeep_due_ = true;                    // used by the writer only, like the next five
  SettledTime time_;
  absl::Status upkeep_;       // how it went last
  absl::Status reported_;     // of the last write
  std::size_t expected_ = 1;  // rows uncommitted when the last commit ended, its own among them
  Batch taken_;
  std::thread writer_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_REQUEST_LOG_H_
