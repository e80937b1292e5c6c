#include "proxy/net/run_elsewhere.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "proxy/net/event.h"

namespace arbstr::proxy {
namespace {

class Job : public std::enable_shared_from_this<Job> {
 public:
  Job(Executor loop, std::function<void()> work) : loop_(loop), event_(loop), work_(std::move(work)) {}

  // The thread's.
  void Run() {
    const std::lock_guard lock(mutex_);  // while it works
    if (abandoned_) return;
    try {
      work_();
    } catch (...) {
      failure_ = std::current_exception();
    }
    asio::post(loop_, [self = shared_from_this()] {
      self->done_ = true;
      if (!self->abandoned_) self->event_.Notify();
    });
  }

  // The loop's:
  bool done() const { return done_; }
  Event& event() { return event_; }
  void RethrowFailure() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  void Abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }

 private:
  const Executor loop_;
  Event event_;
  bool done_ = false;
  const std::function<void()> work_;
  std::mutex mutex_;
  bool abandoned_ = false;
  std::exception_ptr failure_;  // the thread's until done_
};

class Waiting {
 public:
  explicit Waiting(Job& job) : job_(job) {}
  ~Waiting() {
    if (!job_.done()) job_.Abandon();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Job& job_;
};

}  // namespace

Task<> RunElsewhere(asio::thread_pool& threads, std::function<void()> work) {
  const Executor loop = co_await CurrentExecutor();
  const auto job = std::make_shared<Job>(loop, std::move(work));
  const Waiting waiting(*job);
  asio::post(threads, [job] { job->Run(); });
  while (!job->done()) co_await job->event().Wait();
  job->RethrowFailure();
}

}  // namespace arbstr::proxy
