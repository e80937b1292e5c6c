#ifndef ARBSTR_PROXY_NET_NOW_AND_THEN_H_
#define ARBSTR_PROXY_NET_NOW_AND_THEN_H_

#include <chrono>

namespace arbstr::proxy {

// For a line in the log about what goes on and on: once a minute is enough. Used by one thread.
class NowAndThen {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Whether it is to be said now.
  bool IsDue(TimePoint now) {
    if (now < next_) return false;
    next_ = now + std::chrono::minutes(1);
    return true;
  }

 private:
  TimePoint next_{};
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_NOW_AND_THEN_H_
