// What was tried for one request, in order: the source of x-arbstr-retries and of the row's attempt_log.
#ifndef ARBSTR_PROXY_CHAT_ATTEMPT_LOG_H_
#define ARBSTR_PROXY_CHAT_ATTEMPT_LOG_H_

#include <boost/container/small_vector.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// A failure in a line of the log: `503 "overloaded"`, what others wrote escaped.
std::string FailureText(int status, std::string_view error);

enum class AttemptVerdict {
  kAnswered,  // with what is passed on, be it a 4xx
  kFailed,
  kCut,  // on our side: the client left, or the gateway ended
};

class AttemptLog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit AttemptLog(TimePoint arrived) : arrived_(arrived) {}

  // `provider` outlives this.
  void Begin(const std::string& provider, TimePoint now, std::chrono::milliseconds waited);
  // Ends the attempt begun last; again, where a stream that it answered with broke later. `status`: the
  // provider's, or the counted one.
  void End(int status, std::string error, AttemptVerdict verdict, TimePoint now);

  // Why a provider was left though retries of it were still to be had; a literal. Null: none was.
  void SetNotRetried(const char* why) { not_retried_ = why; }
  const char* not_retried() const { return not_retried_; }

  int attempts() const { return static_cast<int>(attempts_.size()); }
  bool any_failed() const;
  // Whether a row needs the attempts to be understood: one failed, or the answer has a status that rows also
  // have of requests that were cut.
  bool TellsMoreThanTheRow() const;
  // Null before the first attempt.
  const std::string* last_provider() const { return attempts_.empty() ? nullptr : attempts_.back().provider; }

  // Failed attempts per provider in order of first failure: "2/alpha, 1/beta". Empty: none.
  std::string Retries() const;
  // The failed attempts for eyes: "alpha 503 after 7 ms: overloaded; beta 502 after 3 ms: …".
  std::string Failures() const;
  // [{"provider","at_ms","ms","status","error","waited_ms"}, …]
  std::string Json() const;

 private:
  struct Attempt {
    const std::string* provider;
    int64_t at_ms;
    int64_t waited_ms;
    int64_t ms;
    int status;
    AttemptVerdict verdict;
    std::string error;
  };

  const TimePoint arrived_;
  const char* not_retried_ = nullptr;
  boost::container::small_vector<Attempt, 1> attempts_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ATTEMPT_LOG_H_
