// When it is, for what cannot be undone: rows that retention deletes do not come back once a clock that was
// wrong for a second is right again.
#ifndef ARBSTR_REQUEST_LOG_SETTLED_TIME_H_
#define ARBSTR_REQUEST_LOG_SETTLED_TIME_H_

#include <chrono>
#include <optional>

namespace arbstr::request_log {

class SettledTime {
 public:
  // How long a clock must have stayed where it was set forward to before that is believed.
  static constexpr std::chrono::hours kSettled{1};
  // Set by less, a clock was corrected and not set.
  static constexpr std::chrono::minutes kCorrection{1};

  // The wall clock's time, or less while it was lately set forward. `now`: of a clock that nobody sets. The
  // first reading is believed: there is nothing to compare it with. One that is set back is believed at once:
  // it deletes less.
  std::chrono::system_clock::time_point Read(std::chrono::system_clock::time_point wall,
                                             std::chrono::nanoseconds now) {
    const Offset offset = wall.time_since_epoch() - now;
    if (!believed_ || offset <= *believed_ + kCorrection) {
      believed_ = offset;
      claimed_.reset();
    } else if (!claimed_ || std::chrono::abs(offset - *claimed_) > kCorrection) {
      claimed_ = offset;
      claimed_at_ = now;
    } else if (now - claimed_at_ >= kSettled) {
      believed_ = offset;
      claimed_.reset();
    }
    return std::chrono::system_clock::time_point(now + *believed_);
  }

 private:
  using Offset = std::chrono::nanoseconds;

  std::optional<Offset> believed_, claimed_;
  std::chrono::nanoseconds claimed_at_{};
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SETTLED_TIME_H_
