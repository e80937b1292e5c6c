#include "request_log/query_thread.h"

#include <utility>

namespace arbstr::request_log {

QueryThread::QueryThread(std::unique_ptr<LogReader> reader, std::size_t most_waiting)
    : reader_(std::move(reader)), most_waiting_(most_waiting), thread_([this] { Run(); }) {}

QueryThread::~QueryThread() { Stop(); }

bool QueryThread::Submit(Query query) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(query));
  }
  wake_.notify_one();
  return true;
}

void QueryThread::Stop() {
  std::deque<Query> dropped;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_one();
  dropped.clear();
  if (thread_.joinable()) thread_.join();
}

void QueryThread::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return;
    Query query = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    query(*reader_);
    query = nullptr;  // with what it holds, before the lock is taken again
    lock.lock();
  }
}

}  // namespace arbstr::request_log
