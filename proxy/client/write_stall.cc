#include "proxy/client/write_stall.h"

#include <algorithm>

namespace arbstr::proxy {
namespace {

constexpr int kChecks = 4;  // within the limit

}  // namespace

WriteStall::WriteStall(ByteStream& stream, DeadlineWheel& wheel, std::chrono::milliseconds limit)
    : stream_(stream),
      clock_(wheel.clock()),
      limit_(limit),
      next_check_(wheel, [this] { CheckProgress(); }) {}

bool WriteStall::WaitBegins() {
  unacknowledged_ = stream_.UnacknowledgedBytes();
  progress_at_ = clock_.Now();
  next_check_.ArmAfter(limit_ / kChecks);
  return true;
}

void WriteStall::WaitEnds() { next_check_.Disarm(); }

void WriteStall::CheckProgress() {
  const auto now = clock_.Now();
  const size_t unacknowledged = stream_.UnacknowledgedBytes();
  if (unacknowledged < unacknowledged_) progress_at_ = now;
  unacknowledged_ = unacknowledged;
  const auto stalled_at = progress_at_ + limit_;
  if (now >= stalled_at) return stream_.Close();
  next_check_.Arm(std::min(stalled_at, now + limit_ / kChecks));
}

}  // namespace arbstr::proxy
