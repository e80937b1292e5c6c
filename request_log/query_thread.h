// The thread that reads the log for the event loops.
#ifndef ARBSTR_REQUEST_LOG_QUERY_THREAD_H_
#define ARBSTR_REQUEST_LOG_QUERY_THREAD_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "request_log/log_reader.h"

namespace arbstr::request_log {

class QueryThread {
 public:
  // Must not throw.
  using Query = std::function<void(LogReader&)>;

  // `most_waiting`: how many queries may wait behind the one that runs.
  QueryThread(std::unique_ptr<LogReader> reader, std::size_t most_waiting);
  ~QueryThread();
  QueryThread(const QueryThread&) = delete;
  QueryThread& operator=(const QueryThread&) = delete;

  // Runs the query on the thread, after those before it. False: too many wait already, or the thread was
  // stopped, and it never runs. Thread-safe.
  bool Submit(Query query);

  // Waits for the query that runs; those that wait are destroyed without having run. Idempotent.
  void Stop();

 private:
  void Run();

  const std::unique_ptr<LogReader> reader_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Query> waiting_;  // guarded by mutex_
  bool stopped_ = false;       // guarded by mutex_
  std::thread thread_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_QUERY_THREAD_H_
