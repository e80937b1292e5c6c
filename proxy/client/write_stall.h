// Gives up a client that takes nothing of what is written to it.
#ifndef ARBSTR_PROXY_CLIENT_WRITE_STALL_H_
#define ARBSTR_PROXY_CLIENT_WRITE_STALL_H_

#include <chrono>
#include <cstddef>

#include "proxy/net/byte_stream.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/write_all.h"

namespace arbstr::proxy {

// Closes `stream` where a write has waited for `limit` without progress. Whether the client has taken
// something lately is asked every quarter of that time, since the kernel says so only once much of its buffer
// is free.
class WriteStall final : public WriteWatch {
 public:
  WriteStall(ByteStream& stream, DeadlineWheel& wheel, std::chrono::milliseconds limit);

  bool WaitBegins() override;
  void WaitEnds() override;

 private:
  void CheckProgress();

  ByteStream& stream_;
  const LoopClock clock_;
  const std::chrono::milliseconds limit_;
  Deadline next_check_;
  size_t unacknowledged_ = 0;          // when it was looked at last
  Deadline::TimePoint progress_at_{};  // when that was less than before, last
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CLIENT_WRITE_STALL_H_
